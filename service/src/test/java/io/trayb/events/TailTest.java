package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.XAddParams;

/** What becomes of events that were read and wait to be handed out: with so many streams that may take some hundredths of a second. */
final class TailTest {
    private static final int STREAMS = 10_000;

    private final RedisLog log = new RedisLog(new SecureRandom());
    private final Hub hub = new Hub(new RecentEvents(1024), new RecentEntries(1 << 20));
    private final EventTimer timer = new EventTimer("test-timer");
    private final ExecutorService replays = Executors.newSingleThreadExecutor();
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger flushed = new AtomicInteger();
    private final AtomicInteger gaps = new AtomicInteger();
    private final RecordingObserver observer = new RecordingObserver();

    private TestRedis redis;
    private Tail tail;

    private final class Counting implements Outlet {
        @Override
        public boolean event(LogEntry.Change change) {
            taken.incrementAndGet();
            return true;
        }

        @Override
        public boolean gap(GapReason reason, OptionalLong dropped) {
            gaps.incrementAndGet();
            return true;
        }

        @Override
        public void position(Cursor cursor) {
            // Nobody asks.
        }

        @Override
        public void flush(Cursor reached, boolean live) {
            flushed.incrementAndGet();
        }

        @Override
        public void stalled() {
            throw new AssertionError("nobody reads the log");
        }
    }

    @BeforeEach
    void start() {
        redis = TestRedis.own();
        hub.listen(event -> heard.incrementAndGet());
        // The clock of the rounds stands still, so that nothing is ever due by itself but the first.
        tail = new Tail(redis::connect, log, hub, delay(), InstantSource.system(), () -> 0, observer);
        tail.start();
        await().until(() -> !hub.presentCursor().equals(Cursor.UNKNOWN));
        Subscription all = new Subscription(List.of("jobs"), queue -> true);
        Replayer replayer = new Replayer(new LogReader(redis.client(), log), replays, timer);
        IntStream.range(0, STREAMS)
                .forEach(i -> new Follower(hub, replayer, all, new Counting(), delay(), observer).start(null));
        flushed.set(0);
    }

    private static ReconnectDelay delay() {
        return new ReconnectDelay(Duration.ofMillis(10), Duration.ofMillis(100), new SecureRandom());
    }

    @AfterEach
    void stop() throws InterruptedException {
        tail.stop();
        replays.shutdownNow();
        timer.stop();
        redis.close();
    }

    private void happen(int number) {
        redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(TestEvents.event(number), 0));
    }

    /** The first is handed out at once, and waits to be written; the second has been read, and waits. */
    private void gather() {
        happen(1);
        await().until(() -> taken.get() == STREAMS);
        happen(2);
        await().until(() -> heard.get() == 2);
        assertThat(taken).hasValue(STREAMS);
        assertThat(flushed).hasValue(0);
    }

    private void assertAllGot(int events) {
        assertThat(taken).hasValue(events * STREAMS);
        assertThat(flushed).hasValueGreaterThanOrEqualTo(STREAMS);
    }

    @Test
    void what_was_read_is_handed_out_when_the_log_goes_out_of_reach() {
        gather();

        redis.stop();

        await().until(() -> flushed.get() >= STREAMS);
        assertAllGot(2);
        assertThat(gaps).hasValue(0);
    }

    @Test
    void what_was_read_is_handed_out_at_a_stop() throws Exception {
        gather();

        tail.stop();

        assertAllGot(2);
    }

    @Test
    void what_was_read_is_handed_out_before_a_gap_is_told() {
        gather();

        redis.client().del(RedisLog.KEY);

        await().until(() -> gaps.get() == STREAMS);
        assertAllGot(2);
    }

    @Test
    void what_was_read_is_handed_out_when_more_has_gathered_than_is_read_at_once() {
        gather();

        IntStream.range(3, 1_200).forEach(this::happen);

        await().until(() -> heard.get() == 1_199);
        await().until(() -> taken.get() >= 1_000 * STREAMS);
    }
}
