package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.resps.StreamEntry;

/** The publisher against what nobody has thought of: it is the only one that tells, and must not end silently. */
final class PublisherTest {
    private static final Map<String, String> LOG_LOST = LogEntry.fields(GapReason.LOG_LOST);
    private static final long COMMITTED_AT = 17;

    private final RecordingObserver observer = new RecordingObserver();
    /** Thrown by the next use of the connection, once. */
    private final AtomicReference<@Nullable Throwable> onUse = new AtomicReference<>();
    /** Thrown by the next opening of a connection, once. */
    private final AtomicReference<@Nullable Throwable> onOpen = new AtomicReference<>();

    /** The monotonic clock, which stands still: no connection was silent for long. */
    private final AtomicLong nanos = new AtomicLong();

    private TestRedis redis;
    private EventLog log;

    /** A real connection that fails when it is told to. */
    private final class FailingConnection extends Connection {
        FailingConnection() {
            super(
                    new HostAndPort("127.0.0.1", redis.port()),
                    DefaultJedisClientConfig.builder().socketTimeoutMillis(1000).build());
        }

        @Override
        public void sendCommand(CommandArguments arguments) {
            throwOnce(onUse);
            super.sendCommand(arguments);
        }
    }

    @BeforeEach
    void start() {
        redis = TestRedis.own();
        log = new EventLog(
                () -> {
                    throwOnce(onOpen);
                    return new FailingConnection();
                },
                new RedisLog(new SecureRandom()),
                1000,
                1000,
                new ReconnectDelay(Duration.ofMillis(10), Duration.ofMillis(100), new SecureRandom()),
                () -> Instant.ofEpochMilli(COMMITTED_AT),
                nanos::get,
                observer);
    }

    @AfterEach
    void stop() throws InterruptedException {
        log.stop();
        redis.close();
    }

    private static Map<String, String> inTheLog(int number) {
        return LogEntry.fields(TestEvents.event(number), COMMITTED_AT);
    }

    static Stream<Throwable> defects() {
        return Stream.of(
                new IllegalStateException("a defect of ours"),
                new NullPointerException(),
                new OutOfMemoryError("Java heap space"));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void events_that_a_defect_lost_are_told_as_a_gap_and_the_next_ones_come(Throwable defect) {
        log.start();
        log.publish(TestEvents.events(0, 1));
        await().until(() -> observer.published.get() == 1);

        onUse.set(defect);
        log.publish(TestEvents.events(1, 2));
        await().until(() -> observer.publishFailed.get() == 1);
        log.publish(TestEvents.events(2, 3));

        await().until(() -> observer.published.get() == 2);
        assertThat(told()).containsExactly(inTheLog(0), LOG_LOST, inTheLog(2));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void a_connection_that_a_defect_kept_from_opening_is_opened_again(Throwable defect) {
        onOpen.set(defect);
        log.publish(TestEvents.events(0, 1));
        log.start();

        await().until(() -> observer.publishFailed.get() == 1);
        log.publish(TestEvents.events(1, 2));

        await().until(() -> observer.published.get() == 1);
        assertThat(told()).containsExactly(LOG_LOST, inTheLog(1));
    }

    @Test
    void events_after_a_silence_are_not_put_at_risk_on_a_connection_that_was_cut_meanwhile() {
        log.start();
        log.publish(TestEvents.events(0, 1));
        await().until(() -> observer.published.get() == 1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        onUse.set(new JedisConnectionException("cut"));
        log.publish(TestEvents.events(1, 4));

        await().until(() -> observer.published.get() == 4);
        assertThat(told()).containsExactly(inTheLog(0), inTheLog(1), inTheLog(2), inTheLog(3));
        assertThat(observer.publishFailed).hasValue(0);
    }

    @Test
    void a_stop_publishes_what_waits_and_says_so() throws Exception {
        log.publish(TestEvents.events(0, 3));
        log.start();
        await().until(() -> observer.published.get() > 0);

        assertThat(log.stop()).isTrue();

        assertThat(observer.published).hasValue(3);
    }

    @Test
    void a_stop_while_redis_is_away_says_that_a_gap_is_still_to_be_told() throws Exception {
        log.start();
        log.publish(TestEvents.events(0, 1));
        await().until(() -> observer.published.get() == 1);
        redis.stop();
        try {
            log.publish(TestEvents.events(1, 2));
            await().until(() -> observer.publishFailed.get() == 1);

            assertThat(log.stop()).isFalse();
        } finally {
            redis.start();
        }
    }

    @Test
    void a_redis_that_refuses_to_write_is_not_asked_without_a_pause() {
        log.start();
        log.publish(TestEvents.events(0, 1));
        await().until(() -> observer.published.get() == 1);
        redis.client().configSet("min-replicas-to-write", "1");

        log.publish(TestEvents.events(1, 2));
        await().until(() -> observer.publishFailed.get() == 1);
        long before = attempts();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

        // Ten to twenty attempts a second at the longest delay of this test, and not thousands.
        assertThat(attempts() - before).isBetween(1L, 40L);
        redis.client().configSet("min-replicas-to-write", "0");
        await().until(() -> told().contains(LOG_LOST));
    }

    /** How often the log has been opened. */
    private long attempts() {
        return Long.parseLong(redis.client()
                .info("stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .findFirst()
                .orElseThrow()
                .split(":", 2)[1]
                .strip());
    }

    /** What is in the log, without the epoch's first entry. */
    private List<Map<String, String>> told() {
        return redis.client().xrange(RedisLog.KEY, "-", "+").stream()
                .map(StreamEntry::getFields)
                .filter(fields -> fields.containsKey("gap") || fields.containsKey("data"))
                .toList();
    }

    private static void throwOnce(AtomicReference<@Nullable Throwable> failure) {
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }
}
