package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.jobs.Finish;
import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.QueueState;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import io.trayb.jobs.store.JobQueries;
import io.trayb.jobs.store.Processes;
import io.trayb.jobs.store.Revivals;
import io.trayb.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobQueueTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final RecordedEvents events = new RecordedEvents();
    private final Announcer announcer = new Announcer(events, JobObserver.NONE);
    private final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    private final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system());
    private final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_queues; TRUNCATE trayb_processes; TRUNCATE trayb_idempotency_keys")
                        .execute());
    }

    @Test
    void a_submitted_job_waits_with_the_defaults() {
        Job job = submit(JobSubmission.of("mail", "echo", "{\"a\":1}"));

        assertThat(queue.find(job.id())).contains(job);
        assertThat(job.state()).isEqualTo(JobState.WAITING);
        assertThat(job.attempt()).isZero();
        assertThat(job.maxAttempts()).isEqualTo(5);
        assertThat(job.timeoutMs()).isEqualTo(60_000);
        assertThat(job.payload()).isEqualTo("{\"a\":1}");
        assertThat(events.namesOf(job.id())).containsExactly("job.waiting");
    }

    @Test
    void a_payload_comes_back_character_by_character() {
        String payload = "{\"z\":1.10,\"a\":[null,true,\"ü\\n\\\"\\\\\"],\"n\":123456789012345678901234567890}";

        Job job = submit(JobSubmission.of("mail", "echo", payload));

        assertThat(queue.find(job.id()).orElseThrow().payload()).isEqualTo(payload);
    }

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
    void a_run_time_in_the_past_is_ready_at_once() {
        Instant past = Instant.parse("2020-01-01T00:00:00Z");
        Job job = submit(new JobSubmission("mail", "noop", "null", 5, past, Duration.ZERO, 5, minute(), null));

        assertThat(job.state()).isEqualTo(JobState.WAITING);
        assertThat(job.runAt()).isEqualTo(past);
    }

    @Test
    void a_unique_key_that_an_unfinished_job_holds_leads_to_that_job() {
        Job first = submit(unique("only-one"));
        Submitted second = submitAll(List.of(unique("only-one"))).get(0);

        assertThat(second.existing()).isTrue();
        assertThat(second.job().id()).isEqualTo(first.id());

        queue.cancel(first.id());
        assertThat(submitAll(List.of(unique("only-one"))).get(0).existing()).isFalse();
    }

    @Test
    void the_same_unique_key_twice_in_a_batch_is_one_job() {
        List<Submitted> answer = submitAll(List.of(unique("k"), JobSubmission.of("mail", "noop", "null"), unique("k")));

        assertThat(answer).extracting(Submitted::existing).containsExactly(false, false, true);
        assertThat(answer.get(2).job().id()).isEqualTo(answer.get(0).job().id());
    }

    @Test
    void many_who_submit_the_same_unique_key_at_once_get_one_job() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<UUID>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(clients.submit(() -> submit(unique("contended")).id()));
            }
            Set<UUID> ids = new HashSet<>();
            for (Future<UUID> answer : answers) {
                ids.add(answer.get());
            }
            assertThat(ids).hasSize(1);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void an_idempotency_key_makes_the_same_body_one_job() {
        IdempotencyKey key = new IdempotencyKey("me", "k", "hash");
        Submission first = queue.submit(List.of(JobSubmission.of("mail", "noop", "null")), key);
        Submission second = queue.submit(List.of(JobSubmission.of("mail", "noop", "null")), key);

        assertThat(first.repeated()).isFalse();
        assertThat(second.repeated()).isTrue();
        assertThat(second.jobs().get(0).job()).isEqualTo(first.jobs().get(0).job());
        assertThat(queue.submit(
                                List.of(JobSubmission.of("mail", "noop", "null")),
                                new IdempotencyKey("somebody else", "k", "other"))
                        .repeated())
                .isFalse();
    }

    @Test
    void an_idempotency_key_with_another_body_is_refused_and_adds_nothing() {
        queue.submit(List.of(JobSubmission.of("mail", "noop", "null")), new IdempotencyKey("me", "k", "hash"));

        assertThatThrownBy(() -> queue.submit(
                        List.of(JobSubmission.of("mail", "noop", "null")), new IdempotencyKey("me", "k", "other")))
                .isInstanceOf(IdempotencyConflict.class)
                .hasMessageContaining("'k'");
        assertThat(queue.list(new JobQueries.Filter(null, null, null, null, 10)))
                .hasSize(1);
    }

    @Test
    void many_who_repeat_a_call_at_once_get_one_job() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<UUID>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                answers.add(clients.submit(() -> queue.submit(
                                List.of(JobSubmission.of("mail", "noop", "null")),
                                new IdempotencyKey("me", "contended", "hash"))
                        .jobs()
                        .get(0)
                        .job()
                        .id()));
            }
            Set<UUID> ids = new HashSet<>();
            for (Future<UUID> answer : answers) {
                ids.add(answer.get());
            }
            assertThat(ids).hasSize(1);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void a_repeated_call_is_answered_as_the_first_time() {
        submit(unique("held"));
        IdempotencyKey key = new IdempotencyKey("me", "k", "hash");
        List<JobSubmission> batch = List.of(unique("held"), JobSubmission.of("mail", "noop", "null"));
        List<Submitted> first = queue.submit(batch, key).jobs();

        assertThat(first).extracting(Submitted::existing).containsExactly(true, false);
        assertThat(queue.submit(batch, key).jobs()).isEqualTo(first);
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
                .isInstanceOf(org.jdbi.v3.core.JdbiException.class);

        assertThat(queue.find(good.job().id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);
        assertThat(events.namesOf(good.job().id())).containsExactly("job.waiting", "job.active");
    }

    @Test
    void an_idempotency_key_is_forgotten_after_24_hours() {
        IdempotencyKey key = new IdempotencyKey("me", "k", "hash");
        queue.submit(List.of(JobSubmission.of("mail", "noop", "null")), key);
        age("23 hours 59 minutes");
        assertThat(queue.forgetOldIdempotencyKeys(10)).isZero();
        age("2 minutes");

        assertThat(queue.submit(List.of(JobSubmission.of("mail", "noop", "null")), key)
                        .repeated())
                .isFalse();
        age("25 hours");
        assertThat(queue.forgetOldIdempotencyKeys(10)).isEqualTo(1);
    }

    @Test
    void a_retried_job_waits_again_with_fresh_attempts() {
        LeasedJob lease = startOne();
        finish(lease, new Outcome.FailedForGood("no"), 30);

        Job job = queue.retry(lease.job().id(), id -> {}).orElseThrow();

        assertThat(job.state()).isEqualTo(JobState.WAITING);
        assertThat(job.attempt()).isZero();
        assertThat(queue.find(job.id())).contains(job);
        assertThat(queue.retry(job.id(), id -> {})).isEmpty();
        assertThat(claim(leases.register("test", true, LEASE), 1).get(0).job().attempt())
                .isEqualTo(1);
    }

    @Test
    void a_job_whose_unique_key_another_holds_is_not_put_back() {
        Job first = submit(unique("k"));
        queue.cancel(first.id());
        submit(unique("k"));

        assertThat(queue.retry(first.id(), id -> {})).isEmpty();
        assertThat(queue.find(first.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_replay_puts_back_what_its_filter_lets_pass() {
        for (int i = 0; i < 5; i++) {
            finish(startOne(), new Outcome.FailedForGood("no"), null);
        }
        queue.cancel(submit(JobSubmission.of("mail", "noop", "null")).id());

        assertThat(queue.replay(new Revivals.Filter("mail", JobState.FAILED, "other", null, 10), id -> {}))
                .isZero();
        assertThat(queue.replay(
                        new Revivals.Filter(
                                "mail", JobState.FAILED, null, Instant.now().plusSeconds(60), 10),
                        id -> {}))
                .isZero();
        assertThat(queue.replay(new Revivals.Filter("mail", JobState.FAILED, "noop", Instant.EPOCH, 3), id -> {}))
                .isEqualTo(3);
        assertThat(queue.queue("mail").orElseThrow().waiting()).isEqualTo(3);
        assertThat(queue.queue("mail").orElseThrow().failed()).isEqualTo(2);
    }

    @Test
    void jobs_start_by_priority_then_by_the_time_they_became_ready() {
        UUID late = submit(priority(9)).id();
        UUID first = submit(priority(5)).id();
        UUID second = submit(priority(5)).id();
        UUID urgent = submit(priority(0)).id();

        List<UUID> order = new ArrayList<>();
        long process = leases.register("test", true, LEASE);
        for (int i = 0; i < 4; i++) {
            order.add(claim(process, 1).get(0).job().id());
        }

        assertThat(order).containsExactly(urgent, first, second, late);
    }

    @Test
    void a_full_queue_does_not_starve_the_others() {
        for (int i = 0; i < 50; i++) {
            submit(JobSubmission.of("busy", "noop", "null"));
        }
        Job quiet = submit(JobSubmission.of("quiet", "noop", "null"));
        long process = leases.register("test", true, LEASE);

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
                    long process = leases.register("test", true, LEASE);
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

        assertThat(claim(leases.register("test", true, LEASE), 10)).isEmpty();
        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.WAITING);
    }

    @Test
    void a_paused_queue_starts_nothing_until_it_is_resumed() {
        submit(JobSubmission.of("mail", "noop", "null"));
        long process = leases.register("test", true, LEASE);

        assertThat(queue.setPaused("mail", true).paused()).isTrue();
        assertThat(claim(process, 10)).isEmpty();
        assertThat(queue.setPaused("mail", false).paused()).isFalse();
        assertThat(claim(process, 10)).hasSize(1);
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
        long process = leases.register("test", true, LEASE);

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
        LeasedJob again = claim(leases.register("test", true, LEASE), 1).get(0);
        assertThat(again.job().id()).isEqualTo(returned.id());
        assertThat(again.leaseId()).isNotEqualTo(lease.leaseId());
    }

    @Test
    void an_outcome_without_a_current_lease_is_discarded() {
        LeasedJob stale = startOne();
        finish(stale, new Outcome.Returned(), null);
        LeasedJob current = claim(leases.register("other", true, LEASE), 1).get(0);

        finish(stale, new Outcome.Completed("\"stale\""), null);
        assertThat(queue.find(current.job().id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);

        finish(current, new Outcome.Completed("\"current\""), null);
        finish(current, new Outcome.FailedForGood("twice"), null);
        Job job = queue.find(current.job().id()).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.result()).isEqualTo("\"current\"");
    }

    @Test
    void a_cancelled_job_ends_at_once_and_its_holder_loses_the_lease() {
        LeasedJob lease = startOne();

        Job cancelled = queue.cancel(lease.job().id()).orElseThrow();

        assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
        assertThat(leases.lostLeases(List.of(lease))).containsExactly(lease.leaseId());
        finish(lease, new Outcome.Completed(null), null);
        assertThat(queue.find(cancelled.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
        assertThat(queue.cancel(cancelled.id())).isEmpty();
    }

    @Test
    void the_jobs_of_a_dead_process_wait_again_and_the_third_loss_fails_them() {
        Job job = submit(JobSubmission.of("mail", "noop", "null"));

        for (int loss = 1; loss <= 3; loss++) {
            long process = leases.register("doomed", true, LEASE);
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
    void a_process_whose_lease_is_over_can_start_nothing() {
        submit(JobSubmission.of("mail", "noop", "null"));
        long process = leases.register("doomed", true, LEASE);
        expire(process);
        leases.reap(Duration.ofMillis(1), 3);

        assertThat(claim(process, 1)).isEmpty();
    }

    @Test
    void nobody_is_judged_until_the_database_has_been_up_for_a_lease() {
        long process = leases.register("slow", true, LEASE);
        expire(process);

        assertThat(leases.reap(Duration.ofDays(365), 3).processes()).isZero();
        assertThat(leases.beat(process, LEASE)).isTrue();
    }

    @Test
    void progress_is_kept_for_the_holder_of_the_lease_alone() {
        LeasedJob lease = startOne();
        leases.keepProgress(List.of(lease), List.of(40));
        assertThat(queue.find(lease.job().id()).orElseThrow().progress()).isEqualTo(40);

        leases.keepProgress(List.of(new LeasedJob(lease.job(), lease.leaseId() + 1, 0)), List.of(80));
        assertThat(queue.find(lease.job().id()).orElseThrow().progress()).isEqualTo(40);
    }

    @Test
    void a_list_is_newest_first_and_its_pages_miss_nothing_while_jobs_move() {
        List<UUID> submitted = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            submitted.add(submit(JobSubmission.of(i % 2 == 0 ? "even" : "odd", "noop", "null"))
                    .id());
        }
        List<Job> firstPage = queue.list(new JobQueries.Filter(null, null, null, null, 4));
        UUID last = firstPage.get(3).id();
        submit(JobSubmission.of("even", "noop", "null"));
        queue.cancel(submitted.get(0));
        List<Job> rest = queue.list(new JobQueries.Filter(null, null, null, last, 100));

        List<UUID> seen = new ArrayList<>();
        firstPage.forEach(job -> seen.add(job.id()));
        rest.forEach(job -> seen.add(job.id()));
        java.util.Collections.reverse(submitted);
        assertThat(seen).isEqualTo(submitted);
        assertThat(queue.list(new JobQueries.Filter("odd", null, null, null, 100)))
                .hasSize(4);
        assertThat(queue.list(new JobQueries.Filter(null, "noop", JobState.CANCELLED, null, 100)))
                .hasSize(1);
    }

    @Test
    void a_queue_counts_what_is_in_it_and_stays_listed() {
        submit(JobSubmission.of("mail", "noop", "null"));
        submit(delayed(Duration.ofHours(1)));
        LeasedJob lease = claim(leases.register("test", true, LEASE), 1).get(0);
        finish(lease, new Outcome.FailedForGood("no"), null);

        QueueState state = queue.queue("mail").orElseThrow();

        assertThat(state)
                .extracting(
                        QueueState::waiting,
                        QueueState::delayed,
                        QueueState::active,
                        QueueState::failed,
                        QueueState::oldestWaitingMs)
                .containsExactly(0L, 1L, 0L, 1L, null);
        assertThat(queue.queues())
                .extracting(QueueState::name, QueueState::paused)
                .contains(tuple("mail", false));
    }

    @Test
    void a_start_is_never_heard_of_before_the_submission() throws Exception {
        long process = leases.register("test", true, LEASE);
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

    private List<Submitted> submitAll(List<JobSubmission> submissions) {
        return queue.submit(submissions, null).jobs();
    }

    private Job submit(JobSubmission submission) {
        return submitAll(List.of(submission)).get(0).job();
    }

    private LeasedJob startOne() {
        submit(JobSubmission.of("mail", "noop", "null"));
        return claim(leases.register("test", true, LEASE), 1).get(0);
    }

    private static long processOf(LeasedJob lease) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT process_id FROM trayb_jobs WHERE lease_id = :leaseId")
                        .bind("leaseId", lease.leaseId())
                        .mapTo(Long.class)
                        .one());
    }

    private List<LeasedJob> claim(long process, int limit) {
        return leases.claim(process, "w", Set.of("noop", "echo"), "", limit, limit);
    }

    private void finish(LeasedJob lease, Outcome outcome, @Nullable Integer progress) {
        leases.finish(List.of(new Finish(lease, outcome, progress)));
    }

    private static JobSubmission delayed(Duration delay) {
        return new JobSubmission("mail", "noop", "null", 5, null, delay, 5, minute(), null);
    }

    private static JobSubmission priority(int priority) {
        return new JobSubmission("mail", "noop", "null", priority, null, Duration.ZERO, 5, minute(), null);
    }

    private static JobSubmission unique(String key) {
        return new JobSubmission("mail", "noop", "null", 5, null, Duration.ZERO, 5, minute(), key);
    }

    private static Duration minute() {
        return Duration.ofMinutes(1);
    }

    private static void makeDue(Job job) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("UPDATE trayb_jobs SET run_at = now() WHERE id = :id")
                        .bind("id", job.id())
                        .execute());
    }

    private static void age(String by) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_idempotency_keys SET created_at = created_at - CAST(:by AS interval)")
                        .bind("by", by)
                        .execute());
    }

    private static void expire(long process) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_processes SET expires_at = now() - interval '1 second' WHERE id = :id")
                        .bind("id", process)
                        .execute());
    }
}
