package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.testing.TestRedis;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.XAddParams;

/** That everybody gets the events of his topics, each once and in order, however many are handed out at once. */
final class HubTest {
    private static final List<String> QUEUES = List.of("a", "b", "c");

    /** More than are handed out at once. */
    private static final int EVENTS = 1_000;

    private static final FrameEncoder FAILING = FrameEncoder.shared(() -> {
        throw new IllegalStateException("no clock");
    });

    private final RedisLog log = new RedisLog(new SecureRandom());
    private final Hub hub = new Hub(new RecentEvents(10_000), new RecentEntries(10 << 20));
    private final EventTimer timer = new EventTimer("test-timer");
    private final ExecutorService replays = Executors.newSingleThreadExecutor();
    private final Map<Follower, Notes> notes = new HashMap<>();
    private final Random random = new Random(17);

    private TestRedis redis;
    private LogReader reader;

    /** Notes what it is handed, as far as there is room. */
    private static final class Notes implements Outlet {
        private final List<String> taken = new ArrayList<>();
        private int room = Integer.MAX_VALUE;
        private boolean failsOnce;
        private int flushed;
        private @Nullable Runnable meanwhile;

        @Override
        public boolean event(LogEntry.Change change) {
            if (failsOnce) {
                failsOnce = false;
                throw new IllegalStateException("a defect");
            }
            Runnable other = meanwhile;
            if (other != null) {
                meanwhile = null;
                other.run();
            }
            if (room == 0) {
                return false;
            }
            room--;
            taken.add(change.event().data());
            return true;
        }

        @Override
        public boolean gap(GapReason reason, OptionalLong dropped) {
            taken.add("gap");
            return true;
        }

        @Override
        public void position(Cursor cursor) {
            // Nobody asks.
        }

        @Override
        public void flush(Cursor reached, boolean live) {
            flushed++;
        }

        @Override
        public void stalled() {
            throw new AssertionError("Redis is there");
        }
    }

    @BeforeEach
    void open() {
        redis = TestRedis.own();
        reader = new LogReader(redis.client(), log);
        hub.jump(log.open(redis.client()).lastCursor(), GapReason.LOG_LOST);
    }

    @AfterEach
    void close() throws InterruptedException {
        replays.shutdownNow();
        timer.stop();
        redis.close();
    }

    private Follower following(String... topics) {
        return seeing(queue -> true, topics);
    }

    private Follower seeing(Predicate<String> seesQueue, String... topics) {
        Notes outlet = new Notes();
        Follower follower = new Follower(
                hub,
                new Replayer(reader, replays, timer),
                new Subscription(List.of(topics), seesQueue),
                outlet,
                new ReconnectDelay(Duration.ofMillis(10), Duration.ofMillis(100), new SecureRandom()),
                new RecordingObserver());
        notes.put(follower, outlet);
        follower.start(null);
        return follower;
    }

    /** Many jobs of three queues, in the log. */
    private List<Event> happen() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            Event event = TestEvents.event(QUEUES.get(random.nextInt(QUEUES.size())), "job-" + random.nextInt(20), i);
            redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(event, 0));
            events.add(event);
        }
        return events;
    }

    private List<LogEntry> read() {
        return reader.read(hub.presentCursor(), EVENTS + 1).entries();
    }

    private static List<String> data(List<Event> events, Predicate<Event> wanted) {
        return events.stream().filter(wanted).map(Event::data).toList();
    }

    private void assertTold(Follower follower, List<String> expected) {
        assertThat(notes.get(follower).taken).isEqualTo(expected);
    }

    @Test
    void everybody_gets_the_events_of_his_topics_once_and_in_order() {
        Follower all = following("jobs");
        Follower queue = following("queue:a");
        Follower job = following("job:job-7");
        Follower overlapping = following("jobs", "queue:a", "job:job-7");
        Follower several = following("queue:b", "job:job-7");
        Follower restricted = seeing("b"::equals, "jobs");
        Follower restrictedAndSeveral = seeing("b"::equals, "jobs", "job:job-7");
        Follower blind = seeing(unused -> false, "jobs");

        List<Event> events = happen();
        hub.publish(read());

        assertTold(all, data(events, event -> true));
        assertTold(queue, data(events, event -> event.queue().equals("a")));
        assertTold(job, data(events, event -> event.jobId().equals("job-7")));
        assertTold(overlapping, data(events, event -> true));
        assertTold(
                several,
                data(events, event -> event.queue().equals("b") || event.jobId().equals("job-7")));
        assertTold(restricted, data(events, event -> event.queue().equals("b")));
        assertTold(restrictedAndSeveral, data(events, event -> event.queue().equals("b")));
        assertTold(blind, List.of());
    }

    @Test
    void who_has_room_for_a_part_reads_the_rest_from_the_log() {
        Follower all = following("jobs");
        Follower several = following("jobs", "queue:a");
        notes.get(all).room = 200;
        notes.get(several).room = 200;
        List<Event> events = happen();

        hub.publish(read());

        for (Follower follower : List.of(all, several)) {
            assertTold(follower, data(events.subList(0, 200), event -> true));
            readTheRest(follower);
            assertTold(follower, data(events, event -> true));
        }
    }

    private void readTheRest(Follower follower) {
        notes.get(follower).room = Integer.MAX_VALUE;
        // A page of 500 each.
        follower.readPage(reader);
        follower.readPage(reader);
    }

    @Test
    void a_gap_stands_where_it_is_in_the_log() {
        Follower all = following("jobs");
        Follower queue = following("queue:b");
        List<Event> before = happen();
        redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(GapReason.LOG_LOST));
        List<LogEntry> entries = new ArrayList<>(read());
        Event after = TestEvents.event("b", "job-1", EVENTS);
        redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(after, 0));
        entries.addAll(reader.read(new Cursor(hub.presentCursor().epoch(), lastOf(entries)), 1)
                .entries());

        hub.publish(entries);

        assertTold(all, withGap(data(before, event -> true), after));
        assertTold(queue, withGap(data(before, event -> event.queue().equals("b")), after));
    }

    private static EntryId lastOf(List<LogEntry> entries) {
        return entries.get(entries.size() - 1).id();
    }

    private static List<String> withGap(List<String> before, Event after) {
        List<String> all = new ArrayList<>(before);
        all.addAll(List.of("gap", after.data()));
        return all;
    }

    @Test
    void a_defect_in_handing_out_to_one_costs_nobody_an_event() {
        Follower first = following("jobs");
        Follower broken = following("jobs");
        Follower brokenAndSeveral = following("jobs", "queue:b");
        Follower last = following("jobs");
        notes.get(broken).failsOnce = true;
        notes.get(brokenAndSeveral).failsOnce = true;
        List<Event> events = happen();

        hub.publish(read());

        assertTold(first, data(events, event -> true));
        assertTold(last, data(events, event -> true));
        for (Follower follower : List.of(broken, brokenAndSeveral)) {
            assertTold(follower, List.of());
            readTheRest(follower);
            assertTold(follower, data(events, event -> true));
        }
    }

    @Test
    void handing_out_that_was_broken_off_costs_nobody_an_event() {
        Follower all = following("jobs");
        Follower queue = following("queue:b");
        Follower several = following("jobs", "queue:b");
        Follower behind = following("jobs");
        notes.get(behind).room = 0;
        List<Event> events = happen();
        List<LogEntry> entries = read();
        List<LogEntry> broken = new ArrayList<>(entries);
        // What no thread has memory for, say.
        broken.set(
                200,
                new LogEntry.Change(
                        new Cursor(hub.presentCursor().epoch(), entries.get(200).id()), events.get(200), 0, FAILING));

        assertThatThrownBy(() -> hub.publish(broken)).hasMessage("no clock");
        hub.publish(broken);

        for (Follower follower : List.of(all, queue, several, behind)) {
            readTheRest(follower);
        }
        assertTold(all, data(events, event -> true));
        assertTold(queue, data(events, event -> event.queue().equals("b")));
        assertTold(several, data(events, event -> true));
        assertTold(behind, data(events, event -> true));
        assertThat(hub.presentCursor().id()).isEqualTo(lastOf(entries));
    }

    /** A poll's answer would have the events of a part of the page, and the cursor from before all of it. */
    @Test
    void who_has_a_page_under_way_is_not_flushed_by_a_failure_elsewhere() {
        Follower reading = following("jobs");
        Notes outlet = notes.get(reading);
        outlet.room = 0;
        happen();
        List<LogEntry> entries = read();
        hub.publish(entries);
        hub.flush();
        outlet.flushed = 0;
        outlet.room = Integer.MAX_VALUE;
        Event last = TestEvents.event("b", "job-1", EVENTS);
        redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(last, 0));
        LogEntry.Change broken =
                new LogEntry.Change(hub.presentCursor().at(read().get(0).id()), last, 0, FAILING);
        outlet.meanwhile = () -> {
            assertThatThrownBy(() -> hub.publish(List.of(broken))).hasMessage("no clock");
            hub.flush();
            assertThat(outlet.flushed).isZero();
        };

        // As the outlet has it when it has given all that it had.
        replays.shutdownNow();
        reading.roomAvailable();
        reading.readPage(reader);

        assertThat(outlet.meanwhile).as("has been done").isNull();
        assertThat(outlet.flushed).isEqualTo(1);
    }

    @Test
    void it_is_known_how_many_an_entry_is_for_before_it_is_handed_out() {
        following("jobs");
        following("jobs");
        following("queue:a");
        following("job:nobody");
        happen();

        assertThat(hub.followersOf(read())).isEqualTo(3);
        assertThat(hub.followersOf(List.of())).isZero();
    }
}
