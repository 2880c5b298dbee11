package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.QueueState;
import io.trayb.jobs.store.JobQueries;
import io.trayb.jobs.store.Revivals;
import io.trayb.testing.CutConnections;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** What the one who gave a job can still do with it, and what a queue says of itself. */
class JobQueueTest extends QueueTables {
    @Test
    void a_retried_job_waits_again_with_fresh_attempts() {
        LeasedJob lease = startOne();
        finish(lease, new Outcome.FailedForGood("no"), 30);

        Job job = queue.retry(lease.job().id(), id -> {}).orElseThrow();

        assertThat(job.state()).isEqualTo(JobState.WAITING);
        assertThat(job.attempt()).isZero();
        assertThat(queue.find(job.id())).contains(job);
        assertThat(queue.retry(job.id(), id -> {})).isEmpty();
        assertThat(claim(leases.register("test", true, Set.of(), LEASE), 1)
                        .get(0)
                        .job()
                        .attempt())
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
    void a_paused_queue_starts_nothing_until_it_is_resumed() {
        submit(JobSubmission.of("mail", "noop", "null"));
        long process = leases.register("test", true, Set.of(), LEASE);

        assertThat(queue.setPaused("mail", true).paused()).isTrue();
        assertThat(claim(process, 10)).isEmpty();
        assertThat(queue.setPaused("mail", false).paused()).isFalse();
        assertThat(claim(process, 10)).hasSize(1);
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
        LeasedJob lease =
                claim(leases.register("test", true, Set.of(), LEASE), 1).get(0);
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
    void a_replay_that_fails_on_its_way_puts_nothing_back_and_tells_nothing() {
        queue.setPaused("mail", false);
        database.jdbi().useHandle(handle -> handle.createScript("""
                                INSERT INTO trayb_finished_jobs (id, queue, type, state, priority, payload, attempt,
                                                                 max_attempts, timeout_ms, run_at, created_at, finished_at)
                                SELECT gen_random_uuid(), 'mail', CASE number WHEN 700 THEN 'refused' ELSE 'noop' END, 'failed',
                                       5, 'null', 1, 1, 1, now(), now(), now() + number * interval '1 millisecond'
                                  FROM generate_series(1, 700) AS number;
                                ALTER TABLE trayb_jobs ADD CONSTRAINT trayb_test_refuses CHECK (type <> 'refused')
                                """).execute());
        try {
            assertThatThrownBy(() ->
                            queue.replay(new Revivals.Filter("mail", JobState.FAILED, null, null, 1_000), id -> {}))
                    .isInstanceOf(JdbiException.class)
                    .hasMessageContaining("trayb_test_refuses");

            assertThat(queue.queue("mail").orElseThrow())
                    .extracting(QueueState::waiting, QueueState::failed)
                    .containsExactly(0L, 700L);
            assertThat(events.all()).isEmpty();
        } finally {
            database.jdbi()
                    .useHandle(handle -> handle.execute("ALTER TABLE trayb_jobs DROP CONSTRAINT trayb_test_refuses"));
        }
    }

    @Test
    void whoever_holds_old_answers_hears_of_jobs_that_may_be_back_although_the_answer_was_lost() {
        LeasedJob lease = startOne();
        finish(lease, new Outcome.FailedForGood("no"), null);
        JobQueue cut = new JobQueue(
                new Transactions(CutConnections.to(database.url(), CutConnections.At.AFTER_COMMIT), () -> {}),
                announcer,
                UUID::randomUUID,
                InstantSource.system());
        Set<UUID> heard = new HashSet<>();

        assertThatThrownBy(
                        () -> cut.replay(new Revivals.Filter("mail", JobState.FAILED, null, null, 10), heard::addAll))
                .isInstanceOf(JdbiException.class);

        assertThat(heard).containsExactly(lease.job().id());
        assertThat(queue.find(lease.job().id()).orElseThrow().state()).isEqualTo(JobState.WAITING);
    }
}
