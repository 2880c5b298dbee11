package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.trayb.http.RequestIds;
import io.trayb.testing.LoggedLines;
import io.trayb.testing.TestRedis;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.XAddParams;

/** What a follower tells that fell behind, at moments that a whole node meets by chance only. */
final class FollowerTest {
    private final RedisLog log = new RedisLog(new SecureRandom());
    private final Hub hub = new Hub(new RecentEvents(1024), new RecentEntries(0));
    private final EventTimer timer = new EventTimer("test-timer");
    private final ExecutorService replays = Executors.newSingleThreadExecutor();
    private final HesitantOutlet outlet = new HesitantOutlet();

    private TestRedis redis;
    private LogReader reader;
    private Follower follower;

    /** Takes as many events as it has room for. */
    private static final class HesitantOutlet implements Outlet {
        private final List<OptionalLong> dropped = new ArrayList<>();
        private int room = Integer.MAX_VALUE;
        private int taken;
        private int failsAfter = Integer.MAX_VALUE;
        private boolean mayStall;
        private boolean mayLoseTheLog;

        @Override
        public boolean event(LogEntry.Change change) {
            if (taken == failsAfter) {
                throw new IllegalStateException("a defect");
            }
            if (taken >= room) {
                return false;
            }
            taken++;
            return true;
        }

        @Override
        public boolean gap(GapReason reason, OptionalLong number) {
            if (taken >= room) {
                return false;
            }
            assertThat(reason).isEqualTo(mayLoseTheLog ? GapReason.LOG_LOST : GapReason.SLOW_CONSUMER);
            dropped.add(number);
            return true;
        }

        @Override
        public void position(Cursor cursor) {
            // Nobody asks.
        }

        @Override
        public void flush(Cursor reached, boolean live) {
            // Nothing was held back.
        }

        @Override
        public void stalled() {
            assertThat(mayStall).as("something is to fail").isTrue();
        }
    }

    @BeforeEach
    void follow() {
        redis = TestRedis.own();
        reader = new LogReader(redis.client(), log);
        hub.jump(log.open(redis.client()).lastCursor(), GapReason.LOG_LOST);
        follower = following();
        follower.start(null);
    }

    private Follower following() {
        return new Follower(
                hub,
                new Replayer(reader, replays, timer),
                new Subscription(List.of("jobs"), queue -> true),
                outlet,
                new ReconnectDelay(Duration.ofMillis(10), Duration.ofMillis(100), new SecureRandom()),
                new RecordingObserver());
    }

    @AfterEach
    void end() throws InterruptedException {
        follower.end();
        replays.shutdownNow();
        timer.stop();
        redis.close();
    }

    /** Ten events in the log, of which the hub has got to know so many, and the client has taken none. */
    private void fallBehindWhileTheHubKnows(int known) {
        fallBehind(10, known);
    }

    private void fallBehind(int events, int known) {
        for (Event event : TestEvents.events(0, events)) {
            redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(event, 0));
        }
        outlet.room = 0;
        hub.publish(reader.read(hub.presentCursor(), known).entries());
        outlet.room = Integer.MAX_VALUE;
    }

    @Test
    void a_page_that_cannot_be_read_is_logged_with_the_id_of_the_request_that_waits_for_it() {
        follower.end();
        RequestIds.during("stream-1", () -> follower = following());
        follower.start(null);
        fallBehindWhileTheHubKnows(10);
        outlet.mayStall = true;
        redis.stop();
        try (LoggedLines lines = LoggedLines.of(Follower.class, Level.DEBUG)) {
            follower.readPage(reader);

            assertThat(lines.all()).anySatisfy(line -> {
                assertThat(line.getFormattedMessage()).startsWith("The log couldn't be read from");
                assertThat(line.getMDCPropertyMap()).containsEntry(RequestIds.CONTEXT, "stream-1");
            });
        }
    }

    @Test
    void who_has_read_on_while_the_hub_fell_behind_the_log_misses_nothing_by_that_and_is_told_nothing_twice() {
        fallBehindWhileTheHubKnows(5);
        List<LogEntry> notSeenByTheHub = reader.read(hub.presentCursor(), 10).entries();
        follower.readPage(reader);
        assertThat(outlet.taken).isEqualTo(10);

        Cursor trimmedUpTo = hub.presentCursor().at(notSeenByTheHub.get(1).id());
        hub.jump(trimmedUpTo, GapReason.TRIMMED);
        hub.publish(notSeenByTheHub);

        assertThat(outlet.dropped).isEmpty();
        assertThat(outlet.taken).isEqualTo(10);
    }

    /** A log that was put back to an earlier state has lost the last that it told. */
    @Test
    void who_has_what_the_log_lost_from_its_end_is_told_so() {
        fallBehindWhileTheHubKnows(10);
        follower.readPage(reader);
        assertThat(outlet.taken).isEqualTo(10);
        outlet.mayLoseTheLog = true;

        hub.jump(hub.presentCursor().at(EntryId.ZERO), GapReason.LOG_LOST);

        assertThat(outlet.dropped).containsExactly(OptionalLong.empty());
    }

    @Test
    void what_failed_in_the_middle_of_a_page_goes_on_from_there() {
        // So that nobody but this test tries it again.
        replays.shutdownNow();
        fallBehindWhileTheHubKnows(10);
        outlet.failsAfter = 4;
        outlet.mayStall = true;

        follower.readPage(reader);
        assertThat(outlet.taken).isEqualTo(4);

        outlet.failsAfter = Integer.MAX_VALUE;
        follower.readPage(reader);
        assertThat(outlet.taken).isEqualTo(10);
        assertThat(outlet.dropped).isEmpty();
    }

    /** Another client's events may have been lost in the middle of being counted. */
    @Test
    void after_handing_out_was_broken_off_nobody_knows_how_many_were_lost() {
        fallBehindWhileTheHubKnows(10);
        redis.client().xtrim(RedisLog.KEY, 2, false);

        follower.interrupted(hub.presentCursor());
        follower.readPage(reader);

        assertThat(outlet.dropped).containsExactly(OptionalLong.empty());
        assertThat(outlet.taken).isEqualTo(2);
    }

    @Test
    void what_the_log_has_lost_is_counted() {
        fallBehindWhileTheHubKnows(10);
        redis.client().xtrim(RedisLog.KEY, 2, false);

        follower.readPage(reader);

        assertThat(outlet.dropped).containsExactly(OptionalLong.of(8));
    }

    @Test
    void that_the_log_has_lost_nothing_but_what_it_had_already_is_no_gap() {
        fallBehindWhileTheHubKnows(10);
        outlet.room = 5;
        follower.readPage(reader);
        redis.client().xtrim(RedisLog.KEY, 5, false);
        outlet.room = Integer.MAX_VALUE;

        follower.readPage(reader);

        assertThat(outlet.dropped).isEmpty();
        assertThat(outlet.taken).isEqualTo(10);
    }

    @Test
    void while_the_hub_is_behind_what_the_log_still_has_nobody_knows_how_many_were_lost() {
        fallBehindWhileTheHubKnows(5);
        redis.client().xtrim(RedisLog.KEY, 2, false);

        follower.readPage(reader);

        assertThat(outlet.dropped).containsExactly(OptionalLong.empty());
    }

    /** It remembers 1024; what it has forgotten may be in the log all the same, and comes right after the gap. */
    @Test
    void when_the_hub_has_forgotten_some_of_what_the_log_still_has_nobody_knows_how_many_were_lost() {
        fallBehind(2_000, 2_000);
        redis.client().xtrim(RedisLog.KEY, 1_500, false);
        outlet.room = 5;

        follower.readPage(reader);

        assertThat(outlet.dropped).containsExactly(OptionalLong.empty());
        assertThat(outlet.taken).isEqualTo(5);

        // Nor how many are to come, until the hub remembers all of those.
        redis.client().xtrim(RedisLog.KEY, 1_200, false);
        outlet.room = 600;
        follower.readPage(reader);
        redis.client().xtrim(RedisLog.KEY, 100, false);
        outlet.room = Integer.MAX_VALUE;
        follower.readPage(reader);

        assertThat(outlet.dropped).startsWith(OptionalLong.empty(), OptionalLong.empty());
        assertThat(outlet.dropped.stream().mapToLong(told -> told.orElse(0)).sum() + outlet.taken)
                .isLessThanOrEqualTo(2_000);
    }
}
