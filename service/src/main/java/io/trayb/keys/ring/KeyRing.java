package io.trayb.keys.ring;

import io.dropwizard.lifecycle.Managed;
import io.trayb.http.ProblemException;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Caller;
import io.trayb.keys.Callers;
import io.trayb.keys.KeyText;
import io.trayb.keys.Refusals;
import io.trayb.keys.ring.KnownKeys.Known;
import io.trayb.keys.store.KeyRows;
import io.trayb.keys.store.KeyStore;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every key, in memory: whom a request comes from is told without asking anybody. Thread-safe.
 *
 * <p>Owns the thread {@code trayb-keys}, which looks for changes every two seconds and whenever it is woken, and writes once a
 * minute when keys were used last. While Postgres is away what was read last stays in force, expiry included; before the first
 * read nobody is let in.
 */
public final class KeyRing implements Managed, Callers {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeyRing.class);

    /** Without a wake-up. Far enough below the 5 s within which a revocation holds everywhere. */
    private static final Duration POLL = Duration.ofSeconds(2);

    private static final Duration WRITE_USES = Duration.ofMinutes(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(2);

    private static final String BEARER = "Bearer ";

    private final KeyStore store;
    private final boolean loopback;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final LastUses uses;
    private final Caller local = Caller.local(this::isLocalOn);
    private final Loop loop = new Loop("keys", this::look);
    /** One who reads at a time: what was read first must not take the place of what was read later. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile @Nullable KnownKeys known;
    private long usesWrittenAt;

    /**
     * A ring that knows nothing yet.
     *
     * @param loopback whether other machines can't reach the service
     * @param clock when keys expire
     * @param nanoTime a monotonic clock
     */
    public KeyRing(KeyStore store, boolean loopback, InstantSource clock, LongSupplier nanoTime) {
        this.store = store;
        this.loopback = loopback;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.uses = new LastUses(clock);
        this.usesWrittenAt = nanoTime.getAsLong();
    }

    /** @throws NoKeysException if others can reach the service and there never was a key */
    @Override
    public void start() {
        try {
            refresh();
        } catch (JdbiException e) {
            LOGGER.warn("API keys can't be read yet, and until then all calls get 503: {}", e.getMessage());
        }
        KnownKeys first = known;
        if (!loopback && first != null && first.isEmpty()) {
            throw new NoKeysException();
        }
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(STOP);
        try {
            writeUses();
        } catch (JdbiException e) {
            LOGGER.info("When API keys were used last can't be written at the stop: {}", e.getMessage());
        }
    }

    /** There may be something new. Never blocks. */
    public void wake() {
        loop.wake();
    }

    /** Whether the thread that keeps up with changes does. */
    public boolean isAlive() {
        return loop.isAlive();
    }

    /** Whether the keys have been read: before that everybody is refused. */
    public boolean isKnown() {
        return known != null;
    }

    /** Whether there is, or ever was, a key, as far as is known; then everybody needs one. */
    public boolean hasKeys() {
        KnownKeys now = known;
        return now != null && !now.isEmpty();
    }

    /**
     * Whom an {@code Authorization} header stands for.
     *
     * @param header null if there was none
     * @throws ProblemException 401 if that is nobody, 503 if it can't be said yet
     */
    public Caller authenticate(@Nullable String header) {
        KnownKeys now = known;
        if (now == null) {
            throw ProblemException.unavailable("API keys can't be read yet; try again", RETRY_AFTER, null);
        }
        if (isLocal(now)) {
            return local;
        }
        if (header == null) {
            throw Refusals.noKey();
        }
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Refusals.badKey("The Authorization header must be Bearer followed by an API key");
        }
        KeyText text = KeyText.parse(header.substring(BEARER.length()).strip())
                .orElseThrow(() -> Refusals.badKey("This is not an API key: it was mistyped or cut off"));
        Known found = now.byId(text.id());
        if (found == null || !found.stored().isFor(text)) {
            throw Refusals.badKey("This API key is not known here");
        }
        ApiKey key = found.stored().key();
        if (!key.isLive(clock.instant())) {
            throw Refusals.badKey(key.revokedAt() == null ? "This API key has expired" : "This API key was revoked");
        }
        uses.used(key.id());
        return found.caller();
    }

    @Override
    public Optional<Caller> named(String name) {
        KnownKeys now = known;
        if (now == null) {
            return Optional.empty();
        }
        if (name.equals(ApiKey.LOCAL)) {
            return isLocal(now) ? Optional.of(local) : Optional.empty();
        }
        Known found = now.byName(name);
        return found != null && found.caller().isLive() ? Optional.of(found.caller()) : Optional.empty();
    }

    /**
     * Reads what has changed, at once.
     *
     * @throws JdbiException if the database is out of reach; what was known stays
     */
    public void refresh() {
        reading.lock();
        try {
            // In this order: keys that are newer than the edition that they are noted under are read once more, never
            // missed.
            KeyRows.Edition edition = store.edition();
            KnownKeys before = known;
            if (before != null && before.edition().equals(edition)) {
                return;
            }
            KnownKeys read = new KnownKeys(edition, store.all(), this::isLive);
            if (before != null && !before.isEmpty() && read.isEmpty()) {
                LOGGER.error(
                        "All API keys are gone from the database. What was known before stays in force; restart to go on"
                                + " without keys");
                return;
            }
            known = read;
        } finally {
            reading.unlock();
        }
    }

    private Duration look() {
        refresh();
        if (nanoTime.getAsLong() - usesWrittenAt >= WRITE_USES.toNanos()) {
            writeUses();
            usesWrittenAt = nanoTime.getAsLong();
        }
        return POLL;
    }

    private void writeUses() {
        Map<String, Long> taken = uses.take();
        if (taken.isEmpty()) {
            return;
        }
        try {
            store.used(taken);
        } catch (JdbiException e) {
            uses.giveBack(taken);
            throw e;
        }
    }

    private boolean isLive(String id) {
        KnownKeys now = known;
        Known found = now == null ? null : now.byId(id);
        Instant instant = clock.instant();
        return found != null && found.stored().key().isLive(instant);
    }

    private boolean isLocalOn() {
        KnownKeys now = known;
        return now != null && isLocal(now);
    }

    private boolean isLocal(KnownKeys now) {
        return loopback && now.isEmpty();
    }
}
