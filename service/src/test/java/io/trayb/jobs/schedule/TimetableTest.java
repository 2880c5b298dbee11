package io.trayb.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.queue.Announcer;
import io.trayb.jobs.queue.JobAdditions;
import io.trayb.jobs.queue.JobObserver;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.queue.RecordedEvents;
import io.trayb.jobs.store.JobQueries;
import io.trayb.testing.CutConnections;
import io.trayb.testing.CutConnections.At;
import io.trayb.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Schedules on a real database: what is submitted, when, and how often. */
class TimetableTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private static final Duration HOUR = Duration.ofHours(1);

    private final RecordedEvents events = new RecordedEvents();
    private final RecordedTicks recorded = new RecordedTicks();
    private final AtomicInteger unknownOutcomes = new AtomicInteger();
    private final Announcer announcer = new Announcer(events, JobObserver.NONE);
    private final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    private final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());
    private final Timetable timetable = timetable(transactions);

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_queues; TRUNCATE trayb_schedules")
                        .execute());
    }

    @Test
    void a_new_interval_is_due_one_interval_from_now_and_not_before() {
        Schedule added = timetable.add(every("s", HOUR, MissedRuns.SKIP));

        assertThat(added.nextRunAt()).isEqualTo(added.startsAt().plus(HOUR));
        assertThat(added.lastRunAt()).isNull();
        assertThat(added.lastJobId()).isNull();
        assertThat(timetable.find("s")).contains(added);
        assertThat(timetable.runDue(10)).isZero();
        assertThat(timetable.untilNextDue().orElseThrow()).isBetween(Duration.ofMinutes(59), HOUR);
        assertThat(jobs()).isEmpty();
    }

    @Test
    void a_tick_submits_the_job_as_it_was_asked_for_and_is_told_as_a_submission() {
        JobSubmission wanted = new JobSubmission(
                "reports", "send", "{\"a\":1.10}", 2, null, Duration.ZERO, 7, Duration.ofSeconds(9), null);
        timetable.add(define("s", HOUR, MissedRuns.SKIP, true, wanted));
        Instant tick = makeDue("s", HOUR);

        assertThat(timetable.runDue(10)).isEqualTo(1);

        Job job = jobs().get(0);
        assertThat(job.queue()).isEqualTo("reports");
        assertThat(job.type()).isEqualTo("send");
        assertThat(job.payload()).isEqualTo("{\"a\":1.10}");
        assertThat(job.priority()).isEqualTo(2);
        assertThat(job.maxAttempts()).isEqualTo(7);
        assertThat(job.timeoutMs()).isEqualTo(9_000);
        assertThat(job.state()).isEqualTo(JobState.WAITING);
        assertThat(queue.queue("reports")).isPresent();
        assertThat(events.namesOf(job.id())).containsExactly("job.waiting");
        assertThat(events.of(job.id()).get(0).data()).contains("\"reason\":\"submitted\"");
        Schedule after = timetable.find("s").orElseThrow();
        assertThat(after.lastJobId()).isEqualTo(job.id());
        assertThat(after.lastRunAt()).isEqualTo(job.createdAt());
        assertThat(after.nextTickAt()).isEqualTo(tick.plus(HOUR));
        assertThat(recorded.heard()).containsExactly("on time");
    }

    @Test
    void a_job_with_a_delay_is_delayed_from_the_tick_on() {
        timetable.add(define(
                "s",
                HOUR,
                MissedRuns.SKIP,
                true,
                new JobSubmission("q", "noop", "null", 5, null, HOUR, 5, Duration.ofMinutes(1), null)));
        makeDue("s", HOUR);

        timetable.runDue(10);

        assertThat(jobs()).extracting(Job::state).containsExactly(JobState.DELAYED);
        assertThat(events.namesOf(jobs().get(0).id())).containsExactly("job.delayed");
    }

    @Test
    void each_tick_is_one_job_however_many_processes_look() throws Exception {
        int schedules = 40;
        for (int i = 0; i < schedules; i++) {
            timetable.add(every("s" + i, HOUR, MissedRuns.SKIP));
        }
        for (int round = 1; round <= 5; round++) {
            for (int i = 0; i < schedules; i++) {
                makeDue("s" + i, HOUR);
            }
            inEightThreads(() -> {
                while (timetable(new Transactions(database.jdbi(), () -> {})).runDue(7) > 0) {
                    // As long as there is something for this one.
                }
            });
            assertThat(timetable.runDue(100)).as("round %d", round).isZero();
            assertThat(jobs()).as("round %d", round).hasSize(schedules * round);
        }
    }

    @Test
    void schedulers_that_run_at_once_submit_every_tick_once() throws Exception {
        List<Scheduler> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(new Scheduler(timetable(new Transactions(database.jdbi(), () -> {}))));
        }
        Schedule added = timetable.add(every("often", Duration.ofSeconds(1), MissedRuns.SKIP));
        for (Scheduler node : nodes) {
            node.start();
        }
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> jobs().size() >= 3);
        } finally {
            for (Scheduler node : nodes) {
                node.stop();
            }
        }
        Schedule after = timetable.find("often").orElseThrow();
        long ticks = Duration.between(added.startsAt(), after.nextTickAt()).toSeconds() - 1;
        assertThat((long) jobs().size()).isLessThanOrEqualTo(ticks);
        assertThat(jobs())
                .extracting(job ->
                        Duration.between(added.startsAt(), job.createdAt()).toSeconds())
                .doesNotHaveDuplicates();
        assertThat(Duration.between(added.startsAt(), after.nextTickAt()).toMillis() % 1000)
                .isZero();
    }

    @Test
    void a_process_that_dies_between_the_job_and_the_commit_leaves_neither_and_another_runs_the_tick() {
        timetable.add(every("s", HOUR, MissedRuns.SKIP));
        Instant tick = makeDue("s", HOUR);

        assertThatThrownBy(() -> timetable(cut(At.BEFORE_COMMIT)).runDue(10)).isInstanceOf(JdbiException.class);

        assertThat(jobs()).isEmpty();
        assertThat(recorded.heard()).isEmpty();
        assertThat(timetable.find("s").orElseThrow().nextTickAt()).isEqualTo(tick);
        // The server lets go of the locks when it notices that the connection is gone.
        await().until(() -> timetable.runDue(10) == 1);
        assertThat(jobs()).hasSize(1);
        assertThat(events.namesOf(jobs().get(0).id())).containsExactly("job.waiting");
    }

    @Test
    void a_commit_of_which_nobody_heard_is_not_made_twice() {
        timetable.add(every("s", HOUR, MissedRuns.SKIP));
        makeDue("s", HOUR);

        assertThatThrownBy(() -> timetable(cut(At.AFTER_COMMIT)).runDue(10)).isInstanceOf(JdbiException.class);
        assertThat(unknownOutcomes).hasValue(1);

        assertThat(timetable.runDue(10)).isZero();
        assertThat(jobs()).hasSize(1);
        assertThat(timetable.find("s").orElseThrow().lastJobId())
                .isEqualTo(jobs().get(0).id());
    }

    @Test
    void after_an_outage_skip_goes_on_with_the_next_tick() {
        timetable.add(every("s", HOUR, MissedRuns.SKIP));
        Instant tick = setBack("s", HOUR.multipliedBy(5).plusMinutes(30), HOUR);

        assertThat(timetable.runDue(10)).isEqualTo(1);

        assertThat(jobs()).isEmpty();
        Schedule after = timetable.find("s").orElseThrow();
        assertThat(after.lastRunAt()).isNull();
        assertThat(after.nextTickAt()).isEqualTo(tick.plus(HOUR.multipliedBy(6)));
        assertThat(recorded.heard()).containsExactly("skipped");
        assertThat(timetable.runDue(10)).isZero();
    }

    @Test
    void after_an_outage_once_runs_one_and_goes_on_with_the_next_tick() {
        timetable.add(every("s", HOUR, MissedRuns.ONCE));
        Instant tick = setBack("s", HOUR.multipliedBy(5).plusMinutes(30), HOUR);

        assertThat(timetable.runDue(10)).isEqualTo(1);
        assertThat(timetable.runDue(10)).isZero();

        assertThat(jobs()).hasSize(1);
        Schedule after = timetable.find("s").orElseThrow();
        assertThat(after.lastJobId()).isEqualTo(jobs().get(0).id());
        assertThat(after.nextTickAt()).isEqualTo(tick.plus(HOUR.multipliedBy(6)));
        assertThat(recorded.heard()).containsExactly("caught up");
    }

    @Test
    void a_disabled_schedule_does_not_run_and_says_no_next_time() {
        Schedule added = timetable.add(define("s", HOUR, MissedRuns.ONCE, false, noop()));
        setBack("s", HOUR.multipliedBy(3), HOUR);

        assertThat(added.nextRunAt()).isNull();
        assertThat(timetable.runDue(10)).isZero();
        assertThat(timetable.untilNextDue()).isEmpty();
    }

    @Test
    void what_was_missed_while_disabled_is_skipped_or_made_up_for_when_it_is_enabled_again() {
        for (MissedRuns policy : MissedRuns.values()) {
            String name = policy.wireName();
            timetable.add(define(name, HOUR, policy, true, noop()));
            assertThat(timetable.replace(define(name, HOUR, policy, false, noop())))
                    .isPresent();
            Instant tick = setBack(name, HOUR.multipliedBy(3).plusSeconds(20), HOUR);

            Schedule again =
                    timetable.replace(define(name, HOUR, policy, true, noop())).orElseThrow();
            timetable.runDue(10);

            Schedule after = timetable.find(name).orElseThrow();
            assertThat(after.nextTickAt()).as(name).isEqualTo(tick.plus(HOUR.multipliedBy(4)));
            if (policy == MissedRuns.SKIP) {
                assertThat(again.nextRunAt()).isEqualTo(after.nextTickAt());
                assertThat(after.lastJobId()).isNull();
            } else {
                assertThat(after.lastJobId()).isNotNull();
            }
        }
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void a_replacement_with_the_same_timing_keeps_its_next_run_and_one_with_another_begins_anew() {
        Schedule added = timetable.add(every("s", HOUR, MissedRuns.SKIP));
        setBack("s", Duration.ofMinutes(-10), HOUR);
        Schedule before = timetable.find("s").orElseThrow();

        Schedule sameTiming = timetable
                .replace(define("s", HOUR, MissedRuns.ONCE, true, JobSubmission.of("other", "echo", "1")))
                .orElseThrow();
        assertThat(sameTiming.nextRunAt()).isEqualTo(before.nextRunAt());
        assertThat(sameTiming.startsAt()).isEqualTo(before.startsAt());
        assertThat(sameTiming.definition().job().queue()).isEqualTo("other");
        assertThat(sameTiming.createdAt()).isEqualTo(added.createdAt());

        Duration minutes = Duration.ofMinutes(7);
        Schedule otherTiming =
                timetable.replace(every("s", minutes, MissedRuns.ONCE)).orElseThrow();
        assertThat(otherTiming.nextRunAt()).isEqualTo(otherTiming.startsAt().plus(minutes));
        assertThat(otherTiming.startsAt()).isAfterOrEqualTo(added.startsAt());

        Schedule cron = timetable
                .replace(new ScheduleDefinition("s", "0 0 1 1 *", null, "UTC", MissedRuns.SKIP, true, noop()))
                .orElseThrow();
        assertThat(String.valueOf(cron.nextRunAt())).endsWith("-01-01T00:00:00Z");
        Schedule elsewhere = timetable
                .replace(new ScheduleDefinition("s", "0 0 1 1 *", null, "Europe/Vienna", MissedRuns.SKIP, true, noop()))
                .orElseThrow();
        assertThat(String.valueOf(elsewhere.nextRunAt())).endsWith("-12-31T23:00:00Z");
    }

    @Test
    void a_schedule_that_is_not_there_is_neither_replaced_nor_removed() {
        assertThat(timetable.replace(every("s", HOUR, MissedRuns.SKIP))).isEmpty();
        assertThat(timetable.remove("s")).isFalse();
        timetable.add(every("s", HOUR, MissedRuns.SKIP));
        assertThat(timetable.remove("s")).isTrue();
        assertThat(timetable.find("s")).isEmpty();
    }

    @Test
    void a_tick_whose_unique_key_is_held_is_used_up_and_leads_to_the_holder() {
        JobSubmission unique =
                new JobSubmission("q", "noop", "null", 5, null, Duration.ZERO, 5, Duration.ofMinutes(1), "only-one");
        timetable.add(define("s", HOUR, MissedRuns.SKIP, true, unique));
        makeDue("s", HOUR);
        timetable.runDue(10);
        UUID first = jobs().get(0).id();
        Instant tick = makeDue("s", HOUR);

        assertThat(timetable.runDue(10)).isEqualTo(1);

        assertThat(jobs()).hasSize(1);
        Schedule after = timetable.find("s").orElseThrow();
        assertThat(after.lastJobId()).isEqualTo(first);
        assertThat(after.nextTickAt()).isEqualTo(tick.plus(HOUR));
        assertThat(recorded.heard()).containsExactly("on time", "held");
        assertThat(events.namesOf(first)).containsExactly("job.waiting");
    }

    @Test
    void a_schedule_that_is_not_understood_waits_a_minute_and_holds_nobody_up() {
        timetable.add(new ScheduleDefinition("broken", "0 0 * * *", null, "UTC", MissedRuns.SKIP, true, noop()));
        timetable.add(every("sound", HOUR, MissedRuns.SKIP));
        makeDue("sound", HOUR);
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE trayb_schedules SET time_zone = 'Mars/Olympus_Mons', next_tick_at = now() - interval '1 second'"
                                + " WHERE name = 'broken'"));

        assertThat(timetable.runDue(10)).isEqualTo(2);

        assertThat(jobs()).hasSize(1);
        assertThat(recorded.heard()).containsExactlyInAnyOrder("failed", "on time");
        Schedule broken = timetable.find("broken").orElseThrow();
        assertThat(broken.nextTickAt())
                .isBetween(Instant.now().plusSeconds(30), Instant.now().plusSeconds(90));
    }

    @Test
    void a_name_is_taken_once_and_room_is_limited_however_many_add_at_once() throws Exception {
        Timetable small = new Timetable(transactions, additions(transactions), recorded, 5);
        AtomicInteger next = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        inEightThreads(() -> {
            try {
                small.add(every("s" + next.incrementAndGet(), HOUR, MissedRuns.SKIP));
            } catch (ScheduleConflict full) {
                assertThat(full).hasMessageContaining("there are 5 schedules");
                refused.incrementAndGet();
            }
        });
        assertThat(timetable.list("", 100)).hasSize(5);
        assertThat(refused).hasValue(3);

        String taken = timetable.list("", 1).get(0).definition().name();
        assertThatThrownBy(() -> timetable.add(every(taken, HOUR, MissedRuns.SKIP)))
                .isInstanceOf(ScheduleConflict.class)
                .hasMessageContaining("'" + taken + "' already");
    }

    @Test
    void a_replacement_and_a_run_at_once_leave_one_tick_one_job() throws Exception {
        timetable.add(every("s", HOUR, MissedRuns.ONCE));
        for (int round = 1; round <= 20; round++) {
            makeDue("s", HOUR);
            AtomicInteger turn = new AtomicInteger();
            inEightThreads(() -> {
                if (turn.getAndIncrement() % 2 == 0) {
                    assertThat(timetable.replace(every("s", HOUR, MissedRuns.ONCE)))
                            .isPresent();
                } else {
                    timetable.runDue(10);
                }
            });
            timetable.runDue(10);
            assertThat(jobs()).hasSize(round);
        }
    }

    private Timetable timetable(Transactions through) {
        return new Timetable(through, additions(through), recorded);
    }

    private JobAdditions additions(Transactions through) {
        return new JobAdditions(through, announcer, Generators.timeBasedEpochGenerator()::generate);
    }

    private Transactions cut(At at) {
        return new Transactions(CutConnections.to(database.url(), at), unknownOutcomes::incrementAndGet);
    }

    private List<Job> jobs() {
        return queue.list(new JobQueries.Filter(null, null, null, null, 500));
    }

    /** Puts the schedule's ticks so that one was due just now; returns that tick. */
    private static Instant makeDue(String name, Duration interval) {
        return setBack(name, Duration.ofSeconds(1), interval);
    }

    /** Puts the schedule's ticks so that the next one was due so long ago; returns that tick. */
    private static Instant setBack(String name, Duration ago, Duration interval) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        UPDATE trayb_schedules
                           SET next_tick_at = date_trunc('milliseconds', now()) - :ago * interval '1 millisecond',
                               starts_at = date_trunc('milliseconds', now()) - (:ago + :interval) * interval '1 millisecond'
                         WHERE name = :name
                        RETURNING next_tick_at
                        """)
                        .bind("name", name)
                        .bind("ago", ago.toMillis())
                        .bind("interval", interval.toMillis())
                        .mapTo(Instant.class)
                        .one());
    }

    private static void inEightThreads(Runnable work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static JobSubmission noop() {
        return JobSubmission.of("default", "noop", "null");
    }

    private static ScheduleDefinition every(String name, Duration interval, MissedRuns policy) {
        return define(name, interval, policy, true, noop());
    }

    private static ScheduleDefinition define(
            String name, @Nullable Duration interval, MissedRuns policy, boolean enabled, JobSubmission job) {
        return new ScheduleDefinition(name, null, interval, "UTC", policy, enabled, job);
    }
}
