package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import io.trayb.jobs.store.JobQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** What becomes of a submission: jobs, and none twice. */
class SubmissionTest extends QueueTables {
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
    void a_unique_key_that_another_transaction_holds_holds_up_no_other_submission() throws Exception {
        ExecutorService clients = Executors.newCachedThreadPool();
        try (Handle other = database.jdbi().open()) {
            other.begin();
            other.createUpdate("""
                INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                        run_at, ready_at, unique_key, lease_id)
                VALUES (gen_random_uuid(), 'mail', 'noop', 'waiting', 5, 'null', 5, 60000, now(), now(), 'held', NULL)
                """).execute();
            List<Future<Job>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(clients.submit(() -> submit(unique("held"))));
            }
            await().until(() -> waitingForLocks(other) == waiting.size());

            List<Future<Job>> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(clients.submit(() -> submit(JobSubmission.of("mail", "noop", "null"))));
            }
            for (Future<Job> each : others) {
                assertThat(each.get(10, TimeUnit.SECONDS).state()).isEqualTo(JobState.WAITING);
            }
            assertThat(waiting).noneMatch(Future::isDone);
            other.rollback();
            for (Future<Job> each : waiting) {
                assertThat(each.get(10, TimeUnit.SECONDS).uniqueKey()).isEqualTo("held");
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static int waitingForLocks(Handle handle) {
        return handle.createQuery("""
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'
            """).mapTo(Integer.class).one();
    }
}
