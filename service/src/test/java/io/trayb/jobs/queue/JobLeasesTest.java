package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.Floors;
import io.trayb.jobs.store.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** Starts, outcomes and the loss of leases. */
class JobLeasesTest extends QueueTables {
    @Test
    void a_job_for_later_is_delayed_until_it_is_due() {
        Job later = submit(delayed(Duration.ofHours(1)));
        assertThat(later.state()).isEqualTo(JobState.DELAYED);
        assertThat(events.namesOf(later.id())).containsExactly("job.delayed");
        assertThat(leases.promoteDue(10)).isZero();
        assertThat(leases.untilNextDue().orElseThrow()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));

        makeDue(later);

        assertThat(leases.promoteDue(10)).isEqualTo(1);
        assertThat(queue.find(later.id()).orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(events.namesOf(later.id())).containsExactly("job.delayed", "job.waiting");
        assertThat(leases.untilNextDue()).isEmpty();
    }

    @Test
    void a_claim_whose_answer_was_lost_is_given_back_uncounted() {
        LeasedJob known = startOne();
        long process = processOf(known);
        Job unknown = submit(JobSubmission.of("mail", "noop", "null"));
        claim(process, 1);

        assertThat(leases.giveBackUnknown(process, List.of(known.leaseId()))).isEqualTo(1);

        assertThat(queue.find(unknown.id()).orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(queue.find(unknown.id()).orElseThrow().attempt()).isZero();
        assertThat(queue.find(known.job().id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);
    }

    @Test
    void outcomes_that_come_together_are_all_written_or_none() {
        LeasedJob good = startOne();
        LeasedJob bad = startOne();

        assertThatThrownBy(() -> leases.finish(List.of(
                        new Finish(good, new Outcome.Completed("1"), null),
                        new Finish(bad, new Outcome.FailedForGood("text with \0"), null))))
                .isInstanceOf(JdbiException.class);

        assertThat(queue.find(good.job().id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);
        assertThat(events.namesOf(good.job().id())).containsExactly("job.waiting", "job.active");
    }

    @Test
    void jobs_start_by_priority_then_by_the_time_they_became_ready() {
        UUID late = submit(priority(9)).id();
        UUID first = submit(priority(5)).id();
        UUID second = submit(priority(5)).id();
        UUID urgent = submit(priority(0)).id();

        List<UUID> order = new ArrayList<>();
        long process = leases.register("test", true, Set.of(), LEASE);
        for (int i = 0; i < 4; i++) {
            order.add(claim(process, 1).get(0).job().id());
        }

        assertThat(order).containsExactly(urgent, first, second, late);
    }

    @Test
    void jobs_of_several_types_start_in_the_order_of_their_queue() {
        UUID second = submit(JobSubmission.of("mail", "noop", "null")).id();
        UUID third = submit(JobSubmission.of("mail", "echo", "null")).id();
        UUID first = submit(priority(1)).id();
        submit(JobSubmission.of("mail", "noop", "null"));

        assertThat(claim(leases.register("test", true, Set.of(), LEASE), 3))
                .extracting(lease -> lease.job().id())
                .containsExactly(first, second, third);
    }

    @Test
    void a_backlog_of_a_type_that_nobody_knows_is_not_even_looked_at() {
        database.jdbi().useHandle(handle -> handle.execute("""
                                INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                                        run_at, ready_at, lease_id)
                                SELECT gen_random_uuid(), 'mail', 'unheard-of', 'waiting', 0, 'null', 1, 1, now(), now(), NULL
                                  FROM generate_series(1, 20000)
                                """));
        database.jdbi().useHandle(handle -> handle.execute("ANALYZE trayb_jobs"));
        Job known = submit(JobSubmission.of("mail", "noop", "null"));
        long process = leases.register("test", true, Set.of(), LEASE);

        try (Handle handle = database.jdbi().open()) {
            long before = rowsRead(handle);
            List<LeasedJob> started =
                    Claims.claim(handle, process, "w", Set.of("noop", "echo"), Floors.NONE, "", 10, 10);

            assertThat(started).extracting(lease -> lease.job().id()).containsExactly(known.id());
            assertThat(rowsRead(handle) - before).isLessThan(100);
        }
    }

    @Test
    void a_full_queue_does_not_starve_the_others() {
        for (int i = 0; i < 50; i++) {
            submit(JobSubmission.of("busy", "noop", "null"));
        }
        Job quiet = submit(JobSubmission.of("quiet", "noop", "null"));
        long process = leases.register("test", true, Set.of(), LEASE);

        List<LeasedJob> started = leases.claim(process, "w", Set.of("noop"), "", 1, 10);

        assertThat(started).extracting(lease -> lease.job().queue()).containsExactlyInAnyOrder("busy", "quiet");
        assertThat(started).extracting(lease -> lease.job().id()).contains(quiet.id());
    }

    @Test
    void twenty_claimers_never_get_the_same_job() throws Exception {
        int jobs = 2_000;
        submitAll(java.util.Collections.nCopies(1_000, JobSubmission.of("mail", "noop", "null")));
        submitAll(java.util.Collections.nCopies(1_000, JobSubmission.of("mail", "noop", "null")));
        ExecutorService claimers = Executors.newFixedThreadPool(20);
        try {
            List<Future<List<UUID>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(claimers.submit(() -> {
                    long process = leases.register("test", true, Set.of(), LEASE);
                    List<UUID> mine = new ArrayList<>();
                    for (List<LeasedJob> got = claim(process, 7); !got.isEmpty(); got = claim(process, 7)) {
                        assertThat(got).hasSizeLessThanOrEqualTo(7);
                        got.forEach(lease -> mine.add(lease.job().id()));
                    }
                    return mine;
                }));
            }
            List<UUID> all = new ArrayList<>();
            for (Future<List<UUID>> answer : answers) {
                all.addAll(answer.get());
            }
            assertThat(all).hasSize(jobs).doesNotHaveDuplicates();
        } finally {
            claimers.shutdownNow();
        }
    }

    @Test
    void a_type_that_nobody_knows_waits() {
        Job job = submit(JobSubmission.of("mail", "unheard-of", "null"));

        assertThat(claim(leases.register("test", true, Set.of(), LEASE), 10)).isEmpty();
        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.WAITING);
    }

    @Test
    void a_completed_job_moves_to_the_history_with_its_result() {
        LeasedJob lease = startOne();

        finish(lease, new Outcome.Completed("{\"sum\":3}"), 100);

        Job job = queue.find(lease.job().id()).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.result()).isEqualTo("{\"sum\":3}");
        assertThat(job.progress()).isEqualTo(100);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.finishedAt()).isNotNull();
        assertThat(events.namesOf(job.id())).containsExactly("job.waiting", "job.active", "job.completed");
    }

    @Test
    void a_failed_attempt_waits_for_the_next_and_the_last_one_fails_the_job() {
        Job job = submit(new JobSubmission("mail", "noop", "null", 5, null, Duration.ZERO, 2, minute(), null));
        long process = leases.register("test", true, Set.of(), LEASE);

        finish(claim(process, 1).get(0), new Outcome.AttemptFailed("no", Duration.ofHours(1), false), null);
        Job delayed = queue.find(job.id()).orElseThrow();
        assertThat(delayed.state()).isEqualTo(JobState.DELAYED);
        assertThat(delayed.error()).isNotNull();
        assertThat(delayed.runAt()).isAfter(job.createdAt().plus(Duration.ofMinutes(59)));

        makeDue(delayed);
        leases.promoteDue(10);
        finish(claim(process, 1).get(0), new Outcome.AttemptFailed("still no", Duration.ofHours(1), false), null);

        Job failed = queue.find(job.id()).orElseThrow();
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        JobError error = failed.error();
        assertThat(error).isNotNull();
        assertThat(error.message()).isEqualTo("still no");
        assertThat(error.attempt()).isEqualTo(2);
        assertThat(events.namesOf(job.id()))
                .containsExactly("job.waiting", "job.active", "job.delayed", "job.waiting", "job.active", "job.failed");
    }

    @Test
    void a_permanent_failure_uses_no_further_attempts() {
        LeasedJob lease = startOne();

        finish(lease, new Outcome.FailedForGood("never"), null);

        assertThat(queue.find(lease.job().id()).orElseThrow().state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void a_returned_start_is_not_counted_and_keeps_its_place() {
        LeasedJob lease = startOne();
        submit(JobSubmission.of("mail", "noop", "null"));

        finish(lease, new Outcome.Returned(), null);

        Job returned = queue.find(lease.job().id()).orElseThrow();
        assertThat(returned.attempt()).isZero();
        assertThat(returned.startedAt()).isNull();
        LeasedJob again =
                claim(leases.register("test", true, Set.of(), LEASE), 1).get(0);
        assertThat(again.job().id()).isEqualTo(returned.id());
        assertThat(again.leaseId()).isNotEqualTo(lease.leaseId());
    }

    @Test
    void an_outcome_without_a_current_lease_is_discarded() {
        LeasedJob stale = startOne();
        finish(stale, new Outcome.Returned(), null);
        LeasedJob current =
                claim(leases.register("other", true, Set.of(), LEASE), 1).get(0);

        finish(stale, new Outcome.Completed("\"stale\""), null);
        assertThat(queue.find(current.job().id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);

        finish(current, new Outcome.Completed("\"current\""), null);
        finish(current, new Outcome.FailedForGood("twice"), null);
        Job job = queue.find(current.job().id()).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.result()).isEqualTo("\"current\"");
    }

    @Test
    void the_jobs_of_a_dead_process_wait_again_and_the_third_loss_fails_them() {
        Job job = submit(JobSubmission.of("mail", "noop", "null"));

        for (int loss = 1; loss <= 3; loss++) {
            long process = leases.register("doomed", true, Set.of(), LEASE);
            assertThat(claim(process, 1)).hasSize(1);
            expire(process);
            Processes.Reaped reaped = leases.reap(Duration.ofMillis(1), 3);
            assertThat(reaped.processes()).isEqualTo(1);
            assertThat(leases.beat(process, LEASE)).isFalse();
            JobState expected = loss < 3 ? JobState.WAITING : JobState.FAILED;
            assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(expected);
        }
        assertThat(events.of(job.id()).get(2).data()).contains("lease-lost");
    }

    @Test
    void jobs_with_one_life_left_are_run_apart_so_that_only_the_one_that_kills_its_process_fails() {
        Job poison = submit(priority(0));
        List<UUID> neighbours = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            neighbours.add(submit(JobSubmission.of("mail", "noop", "null")).id());
        }
        for (int death = 1; death <= 2; death++) {
            long process = leases.register("doomed", true, Set.of(), LEASE);
            assertThat(claim(process, 10)).hasSize(4);
            expire(process);
            leases.reap(Duration.ofMillis(1), 3);
        }

        long doomed = leases.register("doomed", true, Set.of(), LEASE);
        assertThat(claim(doomed, 10)).extracting(lease -> lease.job().id()).containsExactly(poison.id());
        Job fresh = submit(JobSubmission.of("mail", "noop", "null"));
        assertThat(claim(doomed, 10)).extracting(lease -> lease.job().id()).containsExactly(fresh.id());
        expire(doomed);
        leases.reap(Duration.ofMillis(1), 3);

        assertThat(queue.find(poison.id()).orElseThrow().state()).isEqualTo(JobState.FAILED);
        long healthy = leases.register("healthy", true, Set.of(), LEASE);
        assertThat(claim(healthy, 1)).hasSize(1).allSatisfy(lease -> {
            assertThat(neighbours).contains(lease.job().id());
            finish(lease, new Outcome.Completed(null), null);
        });
        assertThat(claim(healthy, 10)).hasSize(2);
    }

    @Test
    void a_process_whose_lease_is_over_can_start_nothing() {
        submit(JobSubmission.of("mail", "noop", "null"));
        long process = leases.register("doomed", true, Set.of(), LEASE);
        expire(process);
        leases.reap(Duration.ofMillis(1), 3);

        assertThat(claim(process, 1)).isEmpty();
    }

    @Test
    void a_process_that_still_holds_jobs_cannot_sign_off_and_its_jobs_are_freed_when_its_lease_ends() {
        LeasedJob held = startOne();
        long process = processOf(held);

        assertThat(leases.leave(process)).isFalse();
        expire(process);
        assertThat(leases.reap(Duration.ofMillis(1), 3).waiting())
                .extracting(Job::id)
                .containsExactly(held.job().id());
        assertThat(leases.leave(leases.register("free", true, Set.of(), LEASE))).isTrue();
    }

    @Test
    void nobody_is_judged_until_the_database_has_been_up_for_a_lease() {
        long process = leases.register("slow", true, Set.of(), LEASE);
        expire(process);

        assertThat(leases.reap(Duration.ofDays(365), 3).processes()).isZero();
        assertThat(leases.beat(process, LEASE)).isTrue();
    }

    @Test
    void progress_is_kept_for_the_holder_of_the_lease_alone() {
        LeasedJob lease = startOne();
        leases.keepProgress(List.of(lease), List.of(40));
        assertThat(queue.find(lease.job().id()).orElseThrow().progress()).isEqualTo(40);

        leases.keepProgress(List.of(new LeasedJob(lease.job(), lease.leaseId() + 1, 0, false)), List.of(80));
        assertThat(queue.find(lease.job().id()).orElseThrow().progress()).isEqualTo(40);
    }

    @Test
    void a_start_is_never_heard_of_before_the_submission() throws Exception {
        long process = leases.register("test", true, Set.of(), LEASE);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> submitter = threads.submit(() -> {
                for (int i = 0; i < 300; i++) {
                    submit(JobSubmission.of("mail", "noop", "null"));
                }
            });
            List<UUID> started = new ArrayList<>();
            while (started.size() < 300) {
                claim(process, 50).forEach(lease -> started.add(lease.job().id()));
            }
            submitter.get();
            assertThat(started)
                    .allSatisfy(id -> assertThat(events.namesOf(id)).containsExactly("job.waiting", "job.active"));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_process_does_not_sign_off_while_a_claim_of_it_is_at_its_commit() throws Exception {
        submit(JobSubmission.of("mail", "noop", "null"));
        long process = leases.register("leaving", true, Set.of(), LEASE);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Handle claiming = database.jdbi().open()) {
            claiming.begin();
            claiming.execute("SELECT id FROM trayb_processes WHERE id = " + process + " FOR KEY SHARE");
            claiming.execute(
                    "UPDATE trayb_jobs SET state = 'active', attempt = 1, started_at = now(), lease_id = DEFAULT, "
                            + "process_id = " + process + ", worker = 'w'");
            Future<Boolean> left = threads.submit(() -> leases.leave(process));
            await().until(() -> database.jdbi()
                            .withHandle(handle -> handle.createQuery("SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                                    .mapTo(Long.class)
                                    .one())
                    == 1);

            claiming.commit();

            assertThat(left.get(10, TimeUnit.SECONDS)).isFalse();
        } finally {
            threads.shutdownNow();
        }
        expire(process);
        assertThat(leases.reap(Duration.ofMillis(1), 3).waiting()).hasSize(1);
    }

    @Test
    void of_two_leases_of_one_job_in_one_batch_the_good_one_is_told_and_the_other_is_a_conflict() {
        LeasedJob old = startOne();
        expire(processOf(old));
        leases.reap(Duration.ofMillis(1), 3);
        LeasedJob present =
                claim(leases.register("next", true, Set.of(), LEASE), 1).get(0);

        List<Job> written = leases.finish(List.of(
                new Finish(old, new Outcome.Completed("1"), null),
                new Finish(present, new Outcome.Completed("2"), null)));

        assertThat(written).hasSize(1);
        assertThat(events.namesOf(present.job().id()).stream().filter("job.completed"::equals))
                .hasSize(1);
        assertThat(queue.find(present.job().id()).orElseThrow().result()).isEqualTo("2");
    }
}
