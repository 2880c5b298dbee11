package io.trayb.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** A real Redis primary and its replica, which three Sentinels put in its place when it dies. Not thread-safe. */
public final class TestRedisPair implements AutoCloseable {
    private static final Duration FAILOVER = Duration.ofSeconds(60);

    private final Parts parts = new Parts();
    private final TestRedis primary;
    private final TestRedis replica;
    private final TestSentinels sentinels;

    /**
     * Starts all of them, without waiting until the Sentinels know one another.
     *
     * @param stream whose entries the replica is to have
     */
    TestRedisPair(String stream) {
        try {
            primary = parts.start("the Redis primary", TestRedis::own);
            replica = parts.start("the Redis replica", TestRedis::own);
            // Before the Sentinels look for the first time; the next time is ten seconds later.
            replica.replicate(primary, stream);
            sentinels = parts.start("the Sentinels", () -> new TestSentinels(primary));
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    /** Waits until the Sentinels could put the replica in the place of the primary. */
    void awaitWatched() {
        sentinels.awaitAcquainted(1);
    }

    /** By way of the Sentinels, in the form of {@code REDIS_URL}. */
    public String url() {
        return sentinels.url();
    }

    /** Ends the primary as a power cut would. Only once: nobody is there to take the other one's place. */
    public void killPrimary() {
        primary.kill();
    }

    /** Waits until the Sentinels have put the replica in its place. */
    public void awaitFailover() {
        await().atMost(FAILOVER).until(() -> sentinels.primaryPort() == replica.port());
    }

    @Override
    public void close() {
        parts.close();
    }
}
