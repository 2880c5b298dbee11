package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.store.HistoryDays;
import io.trayb.jobs.store.HistoryPart;
import io.trayb.jobs.store.HistoryRetention;
import io.trayb.jobs.store.QueueCounts;
import io.trayb.jobs.store.Queues;
import io.trayb.jobs.store.Revivals;
import io.trayb.testing.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The counts behind the statistics are what a plain count says, at every moment. */
class QueueCountsTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private static final Set<String> TYPES = Set.of("a", "b");
    private static final int STEPS = 150;

    // In one snapshot: each queue and type of which the sums and the rows themselves say different things.
    private static final String DIFFERENT = """
            WITH counted AS (
                SELECT queue, type, sum(waiting) AS waiting, sum(delayed) AS delayed, sum(active) AS active, sum(failed) AS failed
                  FROM trayb_queue_counts
                 GROUP BY queue, type
                HAVING sum(waiting) <> 0 OR sum(delayed) <> 0 OR sum(active) <> 0 OR sum(failed) <> 0),
            plain AS (
                SELECT queue, type, count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'delayed'),
                       count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE state = 'failed')
                  FROM trayb_all_jobs
                 WHERE state IN ('waiting', 'delayed', 'active', 'failed')
                 GROUP BY queue, type)
            SELECT count(*) FROM ((TABLE counted EXCEPT TABLE plain) UNION ALL (TABLE plain EXCEPT TABLE counted)) AS both_ways
            """;

    private final Announcer announcer = new Announcer(new RecordedEvents(), JobObserver.NONE);
    private final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    private final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system());
    private final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());
    private final ConcurrentLinkedQueue<UUID> ids = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_queues; TRUNCATE trayb_processes")
                        .execute());
    }

    /** Within a time in which each queue can't be compared with each. */
    @Test
    void tens_of_thousands_of_queues_are_listed_and_their_counts_summed_up() {
        int queues = 20_000;
        database.jdbi().useHandle(handle -> {
            handle.execute(
                    "INSERT INTO trayb_queues (name) SELECT 'queue-' || i FROM generate_series(1, ?) AS i", queues);
            handle.execute(
                    "INSERT INTO trayb_queue_counts (source, queue, type, waiting)"
                            + " SELECT 'trayb_jobs', 'queue-' || i, 'a', n FROM generate_series(1, ?) AS i, generate_series(1, 2) AS n",
                    queues);
        });

        while (inTime(handle -> QueueCounts.fold(handle, 0))) {
            assertThat(unfolded()).isLessThan(2 * queues);
        }

        assertThat(inTime(Queues::states)).hasSize(queues).allMatch(state -> state.waiting() == 3);
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM trayb_queue_counts"));
    }

    private <T> T inTime(Transactions.Work<T> work) {
        return transactions.run(handle -> {
            handle.execute("SET LOCAL statement_timeout = '10s'");
            return work.run(handle);
        });
    }

    private static int unfolded() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_queue_counts WHERE NOT folded")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void they_are_right_at_every_moment_of_random_concurrent_work() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            Future<Integer> checks = threads.submit(() -> {
                int checked = 0;
                for (; !over.get() || checked == 0; checked++) {
                    assertThat(different()).isZero();
                }
                return checked;
            });
            List<Future<?>> working = new ArrayList<>();
            for (int seed = 1; seed <= 4; seed++) {
                Random random = new Random(seed);
                working.add(threads.submit(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        doSomething(random);
                    }
                }));
            }
            for (Future<?> work : working) {
                work.get();
            }
            over.set(true);
            assertThat(checks.get()).isGreaterThan(10);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        // Where the dice leave the jobs isn't sure, only that they leave some.
        assertThat(queue.queues())
                .anyMatch(state ->
                        state.failed() > 0 || state.waiting() > 0 || state.delayed() > 0 || state.active() > 0);
        daysComeAndGo();
    }

    /** A day takes over what it finds in the rest, and takes along what it has when it goes. */
    private void daysComeAndGo() {
        LocalDate today = database.jdbi().withHandle(HistoryDays::today);
        for (LocalDate day : List.of(today.minusDays(1), today)) {
            for (HistoryPart part : HistoryPart.values()) {
                database.jdbi().useTransaction(handle -> HistoryDays.add(handle, part, day));
            }
            assertThat(different()).isZero();
        }
        Random random = new Random(5);
        for (int step = 0; step < STEPS; step++) {
            doSomething(random);
        }
        assertThat(different()).isZero();
        for (LocalDate day : List.of(today.minusDays(1), today)) {
            HistoryRetention.Drop drop = database.jdbi()
                    .inTransaction(
                            handle -> HistoryRetention.drop(handle, HistoryPart.FAILED, day, Duration.ofDays(1)));
            assertThat(drop).isEqualTo(HistoryRetention.Drop.DROPPED);
            assertThat(different()).isZero();
        }
    }

    @Test
    void a_fold_leaves_one_row_for_each_queue_and_type_and_none_for_what_is_gone() {
        for (int i = 0; i < 20; i++) {
            submit("mail", "a", Duration.ZERO);
        }
        Job gone = submit("gone", "a", Duration.ZERO);
        queue.cancel(gone.id());

        assertThat(fold(100)).isFalse();
        assertThat(fold(0)).isTrue();
        assertThat(fold(0)).isFalse();

        assertThat(number("SELECT count(*) FROM trayb_queue_counts")).isEqualTo(1);
        assertThat(queue.queue("mail").orElseThrow().waiting()).isEqualTo(20);
        assertThat(queue.queue("gone").orElseThrow().waiting()).isZero();
    }

    @Test
    void the_oldest_waiting_job_is_found_whatever_its_priority() {
        queue.submit(
                List.of(new JobSubmission("mail", "a", "null", 9, null, Duration.ZERO, 5, Duration.ofMinutes(1), null)),
                null);
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE trayb_jobs SET ready_at = now() - interval '1 hour' WHERE priority = 9"));
        submit("mail", "a", Duration.ZERO);
        submit("later", "a", Duration.ofHours(1));

        assertThat(queue.queue("mail").orElseThrow().oldestWaitingMs()).isBetween(3_600_000L, 3_700_000L);
        assertThat(queue.queue("later").orElseThrow().oldestWaitingMs()).isNull();
    }

    private void doSomething(Random random) {
        String name = "q" + random.nextInt(3);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                Duration delay = random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(50)) : Duration.ZERO;
                for (int i = random.nextInt(4); i >= 0; i--) {
                    submit(name, random.nextBoolean() ? "a" : "b", delay);
                }
            }
            case 3, 4, 5 -> {
                long process = leases.register("node", true, TYPES, Duration.ofMinutes(1));
                List<Finish> finishes = new ArrayList<>();
                for (LeasedJob job : leases.claim(process, "w", TYPES, "", 4, 8)) {
                    finishes.add(new Finish(job, outcome(random), null));
                }
                leases.finish(finishes);
            }
            case 6 -> {
                long process = leases.register("doomed", true, TYPES, Duration.ofMillis(1));
                leases.claim(process, "w", TYPES, "", 1, 3);
                leases.reap(Duration.ofMillis(1), 2);
            }
            case 7 -> {
                UUID id = ids.poll();
                if (id != null) {
                    queue.cancel(id);
                }
            }
            case 8 ->
                queue.replay(
                        new Revivals.Filter(
                                name, random.nextBoolean() ? JobState.FAILED : JobState.CANCELLED, null, null, 3),
                        id -> {});
            default -> {
                leases.promoteDue(100);
                fold(0);
            }
        }
    }

    private static Outcome outcome(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Outcome.Completed(null);
            case 1 -> new Outcome.FailedForGood("no");
            case 2 -> new Outcome.AttemptFailed("not yet", Duration.ofMillis(10), false);
            default -> new Outcome.Returned();
        };
    }

    private Job submit(String name, String type, Duration delay) {
        Job job = queue.submit(
                        List.of(new JobSubmission(name, type, "null", 5, null, delay, 3, Duration.ofMinutes(1), null)),
                        null)
                .jobs()
                .get(0)
                .job();
        ids.add(job.id());
        return job;
    }

    private boolean fold(int most) {
        return transactions.run(handle -> QueueCounts.fold(handle, most));
    }

    private static long different() {
        return number(DIFFERENT);
    }

    private static long number(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }
}
