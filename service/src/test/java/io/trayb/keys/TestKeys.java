package io.trayb.keys;

import io.trayb.database.Transactions;
import io.trayb.keys.store.KeyStore;
import io.trayb.testing.TestDatabase;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes keys in a database behind the backs of the services on it. */
public final class TestKeys {
    private TestKeys() {}

    public static KeyStore store(TestDatabase database) {
        return new KeyStore(new Transactions(database.jdbi(), () -> {}), new SecureRandom());
    }

    /** A key's text. */
    public static String create(TestDatabase database, String name, String queues, Set<Scope> scopes) {
        return create(database, name, queues, scopes, null, null);
    }

    /** A key's text; an expiry may be past. */
    public static String create(
            TestDatabase database,
            String name,
            String queues,
            Set<Scope> scopes,
            @Nullable Instant expiresAt,
            @Nullable String rate) {
        RateLimit limit = rate == null ? null : RateLimit.parse(rate).orElseThrow();
        return store(database)
                .create(new NewKey(name, scopes, new QueuePattern(queues), limit, expiresAt, "test"))
                .text()
                .reveal();
    }
}
