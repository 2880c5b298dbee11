package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import io.trayb.database.SqlArray;
import io.trayb.database.Transactions;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.Floors;
import io.trayb.testing.Figures;
import io.trayb.testing.TestDatabase;
import io.trayb.threads.Loop;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many claimers, many jobs, and somebody else's long transaction. No time is asserted: what was measured is in
 * {@code target/safety/figures.txt}.
 */
class BigQueueTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated(24);

    /** Fewer than there are connections, so that none waits for another's. */
    private static final int CLAIMERS = 20;

    private static final Set<String> TYPES = Set.of("noop");
    private static final int ROUND = 20_000;
    /** Rounds until the code is compiled; the last of them is what the others compare with. */
    private static final int WARM_UP = 6;

    private static final int AT_ONCE = 50;
    private static final int BATCH = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration OPEN_FOR = Duration.ofMinutes(Integer.getInteger("trayb.open.minutes", 3));

    private final Announcer announcer = new Announcer(events -> {}, JobObserver.NONE);
    private final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    private final ScanFloors floors = new ScanFloors(transactions, System::nanoTime);
    private final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system(), floors);
    private final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());

    /** As each process has it. */
    private final Loop looks = new Loop("looks", () -> leases.lookForFloors(TYPES));

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_processes; DELETE FROM trayb_queues;"
                                        + " INSERT INTO trayb_queues (name) VALUES ('mail')")
                        .execute());
        looks.start();
    }

    @AfterEach
    void stopLooking() throws InterruptedException {
        looks.stop(Duration.ofMinutes(1));
    }

    @Test
    void twenty_claimers_of_one_queue_take_a_hundred_thousand_jobs_and_none_twice() throws Exception {
        fill(100_000);

        List<UUID> taken = takeAll("100,000 jobs", 100_000);

        assertThat(taken).hasSize(100_000).doesNotHaveDuplicates();
    }

    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void a_million_waiting_jobs_are_taken_as_a_few_are_and_none_twice() throws Exception {
        List<UUID> few = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            fill(100_000);
            few.addAll(takeAll("100,000 jobs of an otherwise empty queue", 100_000));
        }
        fill(1_000_000);
        Figures.note("queue statistics with 1,000,000 waiting: " + millis(queue::queues) + " ms");

        List<UUID> first = takeAll("the first 100,000 of 1,000,000 jobs", 100_000);
        List<UUID> rest = takeAll("the other 900,000", 900_000);

        List<UUID> all = new ArrayList<>(few);
        all.addAll(first);
        all.addAll(rest);
        assertThat(Set.copyOf(all)).hasSize(1_300_000).hasSameSizeAs(all);
    }

    /** Its snapshot keeps dead rows from being cleaned away. */
    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void a_transaction_that_somebody_holds_open_for_minutes_costs_no_job() throws Exception {
        List<UUID> taken = new ArrayList<>();
        int rounds = 0;
        for (; rounds < WARM_UP; rounds++) {
            fill(ROUND);
            taken.addAll(takeAll("20,000 jobs, no transaction open", ROUND));
        }
        try (Connection other = QueueTables.holdOpenTransaction(database)) {
            long until = System.nanoTime() + OPEN_FOR.toNanos();
            for (; System.nanoTime() < until; rounds++) {
                fill(ROUND);
                taken.addAll(takeAll("20,000 jobs beside an open transaction", ROUND));
            }
            fill(ROUND);
            long pages = pagesOfAClaim(floors.start().floors());
            Figures.note("pages that a claim of 50 uses: %d, and without floors %d"
                    .formatted(pages, pagesOfAClaim(Floors.NONE)));
            // 50 rows of the table and of its indexes, and at most what died within half a second.
            assertThat(pages).isLessThan(20_000);
            other.rollback();
        }
        assertThat(Set.copyOf(taken)).hasSize(rounds * ROUND).hasSameSizeAs(taken);
    }

    private long pagesOfAClaim(Floors from) {
        long process = leases.register("test", true, TYPES, LEASE);
        try (Handle handle = database.jdbi().open()) {
            long before = QueueTables.pagesUsed(handle);
            assertThat(Claims.claim(handle, process, "w", TYPES, from, "", AT_ONCE, AT_ONCE))
                    .hasSize(AT_ONCE);
            return QueueTables.pagesUsed(handle) - before;
        }
    }

    /** Takes so many jobs with all claimers and finishes them as cancelled, so that the table is churned as it is in use. */
    private List<UUID> takeAll(String what, int jobs) throws Exception {
        ExecutorService claimers = Executors.newFixedThreadPool(CLAIMERS);
        long began = System.nanoTime();
        try {
            List<Future<List<UUID>>> answers = new ArrayList<>();
            for (int i = 0; i < CLAIMERS; i++) {
                answers.add(claimers.submit(() -> take(jobs / CLAIMERS)));
            }
            List<UUID> taken = new ArrayList<>(jobs);
            for (Future<List<UUID>> answer : answers) {
                taken.addAll(answer.get(20, TimeUnit.MINUTES));
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            Figures.note("%s: claimed in %.1f s, %.0f/s".formatted(what, seconds, taken.size() / seconds));
            return taken;
        } finally {
            claimers.shutdownNow();
        }
    }

    private List<UUID> take(int share) {
        long process = leases.register("test", true, Set.of(), LEASE);
        List<UUID> mine = new ArrayList<>(share);
        long lastTook = System.nanoTime();
        while (mine.size() < share) {
            int limit = Math.min(AT_ONCE, share - mine.size());
            List<LeasedJob> got = leases.claim(process, "w", TYPES, "", limit, limit);
            assertThat(got).hasSizeLessThanOrEqualTo(limit);
            if (got.isEmpty()) {
                // What was committed late waits for the next look, and what another claim has locked may come back.
                assertThat(System.nanoTime() - lastTook)
                        .as("ns since a job was taken; %d of %d are", mine.size(), share)
                        .isLessThan(LONGEST_WAIT.toNanos());
                LockSupport.parkNanos(PAUSE.toNanos());
            } else {
                lastTook = System.nanoTime();
                got.forEach(lease -> mine.add(lease.job().id()));
                remove(got);
            }
        }
        return mine;
    }

    /** As a completion does, less the history. */
    private static void remove(List<LeasedJob> started) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("DELETE FROM trayb_jobs WHERE id = ANY(:ids)")
                        .bind(
                                "ids",
                                SqlArray.of(
                                        UUID.class,
                                        started.stream()
                                                .map(lease -> lease.job().id())
                                                .toList()))
                        .execute());
    }

    /** As many at once as a client may submit: what takes longer to commit is found later. */
    private static void fill(int jobs) {
        for (int left = jobs; left > 0; left -= BATCH) {
            int count = Math.min(left, BATCH);
            database.jdbi()
                    .useHandle(handle ->
                            handle.createUpdate("""
                                INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                                        run_at, ready_at, lease_id)
                                SELECT gen_random_uuid(), 'mail', 'noop', 'waiting', n % 10, 'null', 5, 60000, now(), now(), NULL
                                  FROM generate_series(1, :count) AS n
                                """).bind("count", count).execute());
        }
        database.jdbi().useHandle(handle -> handle.execute("ANALYZE trayb_jobs"));
    }

    private static long millis(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
