package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.Floors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims beside somebody's open transaction, which keeps what is dead in the waiting index. */
class ScanFloorsTest extends QueueTables {
    private static final Set<String> TYPES = Set.of("noop", "echo");
    private static final int DEAD = 20_000;

    private final AtomicLong nanos = new AtomicLong();
    private final ScanFloors floors = new ScanFloors(transactions, nanos::get);
    private final JobLeases claims = new JobLeases(transactions, announcer, InstantSource.system(), floors);
    private Connection open;
    private long process;

    @BeforeEach
    void beginWithWhatIsDead() throws SQLException {
        database.jdbi().useHandle(handle -> handle.execute("INSERT INTO trayb_queues (name) VALUES ('mail')"));
        process = claims.register("test", true, TYPES, LEASE);
        open = holdOpenTransaction(database);
        leaveDead("noop", DEAD);
    }

    @AfterEach
    void end() throws SQLException {
        open.close();
    }

    @Test
    void a_claim_does_not_pass_by_what_is_dead() {
        for (int i = 0; i < 40; i++) {
            submit(priority(i % 10));
        }
        assertThat(workOfAClaim(Floors.NONE)).as("without floors").isGreaterThan(DEAD / 10);

        claims.lookForFloors(TYPES);

        for (int round = 0; round < 3; round++) {
            assertThat(workOfAClaim(floors.start().floors())).isLessThan(500);
        }
    }

    @Test
    void the_work_of_a_claim_does_not_grow_while_the_transaction_stays_open() {
        claims.lookForFloors(TYPES);
        List<Long> work = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            submitAll(Collections.nCopies(1_000, JobSubmission.of("mail", "noop", "null")));
            for (int claim = 0; claim < 20; claim++) {
                List<LeasedJob> started = claim(50);
                assertThat(started).hasSize(50);
                claims.finish(started.stream()
                        .map(lease -> new Finish(lease, new Outcome.Completed(null), null))
                        .toList());
            }
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            claims.lookForFloors(TYPES);
            submit(JobSubmission.of("mail", "noop", "null"));
            work.add(workOfAClaim(floors.start().floors()));
        }

        // What died within the last half of a second is passed by, whatever died before.
        assertThat(work.get(7)).as("%s", work).isLessThan(6_000);
    }

    @Test
    void a_type_that_this_process_has_never_started_gets_its_floors_too() {
        leaveDead("echo", DEAD);

        claims.lookForFloors(TYPES);

        assertThat(workOfAClaim(floors.start().floors())).isLessThan(500);
    }

    @Test
    void jobs_start_by_priority_then_by_the_time_they_became_ready() {
        claims.lookForFloors(TYPES);
        UUID late = submit(priority(9)).id();
        UUID first = submit(priority(5)).id();
        UUID second = submit(new JobSubmission("mail", "echo", "null", 5, null, Duration.ZERO, 5, minute(), null))
                .id();
        UUID third = submit(priority(5)).id();
        UUID urgent = submit(priority(0)).id();

        assertThat(claim(2)).extracting(lease -> lease.job().id()).containsExactly(urgent, first);
        UUID moreUrgent = submit(priority(1)).id();
        assertThat(claim(10)).extracting(lease -> lease.job().id()).containsExactly(moreUrgent, second, third, late);
    }

    @Test
    void a_job_that_is_committed_late_is_found_by_the_next_look() {
        UUID first = readySince("60 seconds");
        UUID second = readySince("50 seconds");
        claims.lookForFloors(TYPES);
        assertThat(claim(2)).extracting(lease -> lease.job().id()).containsExactly(first, second);
        UUID late = readySince("55 seconds");
        assertThat(claim(1)).isEmpty();

        claims.lookForFloors(TYPES);

        assertThat(claim(1)).extracting(lease -> lease.job().id()).containsExactly(late);
    }

    @Test
    void a_job_from_before_all_floors_is_found_by_the_next_look_from_the_beginning() {
        claims.lookForFloors(TYPES);
        UUID old = readySince("2 hours");
        assertThat(claim(1)).isEmpty();
        claims.lookForFloors(TYPES);
        assertThat(claim(1)).isEmpty();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        claims.lookForFloors(TYPES);

        assertThat(claim(1)).extracting(lease -> lease.job().id()).containsExactly(old);
    }

    @Test
    void a_job_that_this_process_gives_back_keeps_its_place_at_once() {
        UUID first = readySince("60 seconds");
        readySince("50 seconds");
        UUID third = readySince("40 seconds");
        claims.lookForFloors(TYPES);
        LeasedJob early = claim(2).get(0);
        assertThat(early.job().id()).isEqualTo(first);

        claims.finish(List.of(new Finish(early, new Outcome.Returned(), null)));

        assertThat(claim(2)).extracting(lease -> lease.job().id()).containsExactly(first, third);
    }

    @Test
    void a_job_that_is_due_late_is_claimed_at_once_by_the_process_that_finds_it() {
        Job later = submit(delayed(Duration.ofHours(1)));
        claims.lookForFloors(TYPES);
        database.jdbi()
                .useHandle(
                        handle -> handle.execute(
                                "UPDATE trayb_jobs SET run_at = now() - interval '1 hour', created_at = now() - interval '2 hours'"));

        claims.promoteDue(10);

        assertThat(claim(1)).extracting(lease -> lease.job().id()).containsExactly(later.id());
    }

    @Test
    void a_job_on_its_last_life_is_started_out_of_its_turn_and_hides_nothing_that_stands_before_it() {
        UUID first = readySince("60 seconds");
        UUID lastLife = readySince("50 seconds");
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE trayb_jobs SET stalls = 2, last_life = true WHERE id = ?", lastLife));
        claims.lookForFloors(TYPES);

        assertThat(claim(1)).extracting(lease -> lease.job().id()).containsExactly(lastLife);

        assertThat(claim(1)).extracting(lease -> lease.job().id()).containsExactly(first);
    }

    @Test
    void floors_that_no_look_confirms_are_not_believed() {
        claims.lookForFloors(TYPES);
        UUID old = readySince("2 hours");
        assertThat(claim(1)).isEmpty();

        nanos.addAndGet(Duration.ofSeconds(91).toNanos());

        assertThat(claim(1)).extracting(lease -> lease.job().id()).containsExactly(old);
    }

    @Test
    void there_are_no_floors_when_what_was_dead_is_cleaned_away() throws SQLException {
        claims.lookForFloors(TYPES);
        assertThat(floors.start().floors().places()).isNotEmpty();
        open.rollback();
        database.jdbi().useHandle(handle -> handle.execute("VACUUM trayb_jobs"));

        // A look may be held up by others, and so seem dear, but not each.
        for (int look = 0; look < 20 && !floors.start().floors().places().isEmpty(); look++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            claims.lookForFloors(TYPES);
        }

        assertThat(floors.start().floors().places()).isEmpty();
    }

    /** Time goes by twenty times as fast for the looks. */
    @Test
    void whatever_comes_and_goes_everything_is_taken_and_nothing_twice() throws Exception {
        int jobs = 900;
        ScanFloors fast = new ScanFloors(transactions, () -> 20 * System.nanoTime());
        JobLeases busy = new JobLeases(transactions, announcer, InstantSource.system(), fast);
        AtomicInteger finished = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> clients = new ArrayList<>();
            for (int submitter = 0; submitter < 3; submitter++) {
                int number = submitter;
                clients.add(threads.submit(() -> {
                    for (int i = 0; i < jobs / 3; i++) {
                        if (i % 10 == number) {
                            readySince(i + " seconds");
                        } else {
                            submit(priority(i % 10));
                        }
                    }
                }));
            }
            for (int claimer = 0; claimer < 2; claimer++) {
                clients.add(threads.submit(() -> {
                    long mine = busy.register("test", true, TYPES, LEASE);
                    for (int round = 0; finished.get() < jobs; round++) {
                        for (LeasedJob lease : busy.claim(mine, "w", TYPES, "", 20, 20)) {
                            boolean back = (lease.job().id().hashCode() + round) % 7 == 0;
                            Outcome outcome = back ? new Outcome.Returned() : new Outcome.Completed(null);
                            busy.finish(List.of(new Finish(lease, outcome, null)));
                            finished.addAndGet(back ? 0 : 1);
                        }
                    }
                }));
            }
            Future<?> looker = threads.submit(() -> {
                while (finished.get() < jobs) {
                    busy.lookForFloors(TYPES);
                }
            });
            for (Future<?> client : clients) {
                client.get(2, TimeUnit.MINUTES);
            }
            looker.get(1, TimeUnit.MINUTES);
        } finally {
            threads.shutdownNow();
        }
        assertThat(finished).hasValue(jobs);
        int kept = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_finished_jobs")
                        .mapTo(Integer.class)
                        .one());
        assertThat(kept).isEqualTo(jobs);
    }

    private List<LeasedJob> claim(int limit) {
        return claims.claim(process, "w", TYPES, "", limit, limit);
    }

    /** How many pages a claim of ten jobs uses. What it starts is held. */
    private long workOfAClaim(Floors from) {
        try (Handle handle = database.jdbi().open()) {
            long before = pagesUsed(handle);
            Claims.claim(handle, process, "w", TYPES, from, "", 10, 10);
            return pagesUsed(handle) - before;
        }
    }
}
