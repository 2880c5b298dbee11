package io.trayb.keys.store;

import io.trayb.database.Transactions;
import io.trayb.keys.ApiKey;
import io.trayb.keys.KeyConflict;
import io.trayb.keys.KeyText;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes, lists and revokes keys. Each method is one transaction. Thread-safe, if the random source is.
 *
 * <p>Every method throws {@link org.jdbi.v3.core.JdbiException} when the database is out of reach;
 * what was asked is then done whole or not at all, and which can be read once it is back.
 */
public final class KeyStore {
    /** How many keys may be good at once: every node holds all of them in memory. */
    public static final int MAX_LIVE = 10_000;

    private static final int SALT_BYTES = 16;

    /**
     * A key that was just made.
     *
     * @param text to be shown once: it is kept nowhere
     */
    public record Created(ApiKey key, KeyText text) {}

    private final Transactions transactions;
    private final RandomGenerator random;
    private final int capacity;

    /** @param random cryptographically strong */
    public KeyStore(Transactions transactions, RandomGenerator random) {
        this(transactions, random, MAX_LIVE);
    }

    KeyStore(Transactions transactions, RandomGenerator random, int capacity) {
        this.transactions = transactions;
        this.random = random;
        this.capacity = capacity;
    }

    /** @throws KeyConflict if the name is taken, or there is no room */
    public Created create(NewKey wanted) {
        KeyText text = KeyText.generate(random);
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        ApiKey key = transactions.run(handle -> {
            KeyRows.lockWriting(handle);
            if (KeyRows.find(handle, wanted.name()).isPresent()) {
                throw KeyConflict.taken(wanted.name());
            }
            if (KeyRows.countLive(handle) >= capacity) {
                throw KeyConflict.full(capacity);
            }
            return KeyRows.insert(handle, wanted, text.id(), salt, text.hash(salt))
                    .orElseThrow(() -> KeyConflict.taken(wanted.name()));
        });
        return new Created(key, text);
    }

    /** Revokes a key for good; empty if there is none of this name. One that was revoked before stays as it was. */
    public Optional<ApiKey> revoke(String name, String by) {
        return transactions.run(handle -> {
            KeyRows.lockWriting(handle);
            KeyRows.revoke(handle, name, by);
            return KeyRows.find(handle, name);
        });
    }

    public Optional<ApiKey> find(String name) {
        return transactions.read(handle -> KeyRows.find(handle, name));
    }

    /** All keys by name, revoked and expired ones too. */
    public List<ApiKey> list() {
        return all().stream().map(StoredKey::key).toList();
    }

    /**
     * A page of the keys that see no more than some queues, by name, revoked and expired ones too.
     *
     * @param queues what they may see at most
     * @param after the name before the first; empty to begin with the first there is
     */
    public List<ApiKey> page(QueuePattern queues, String after, int limit) {
        return transactions.read(handle -> KeyRows.page(handle, queues, after, limit));
    }

    /** The same as {@link #list} with what their texts are told by. */
    public List<StoredKey> all() {
        return transactions.read(KeyRows::all);
    }

    public KeyRows.Edition edition() {
        return transactions.read(KeyRows::edition);
    }

    /** Notes when keys were used last, by their ids, in milliseconds since 1970. */
    public void used(Map<String, Long> uses) {
        transactions.statement(handle -> {
            KeyRows.used(handle, uses);
            return true;
        });
    }
}
