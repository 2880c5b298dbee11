package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.StrictJson;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.handlers.EchoHandler;
import io.trayb.jobs.handlers.FailHandler;
import io.trayb.jobs.handlers.NoopHandler;
import io.trayb.jobs.handlers.SleepHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobWorkerTest extends WorkerNodes {
    @Test
    void runs_what_is_submitted_and_keeps_the_result() {
        startNode(4, 30_000, new EchoHandler());

        Job job = submit("echo", "{\"a\":[1,2]}");

        assertThat(finished(job).result()).isEqualTo("{\"a\":[1,2]}");
        assertThat(events.namesOf(job.id())).containsExactly("job.waiting", "job.active", "job.completed");
    }

    @Test
    void runs_many_more_jobs_than_it_has_slots() {
        startNode(4, 30_000, new NoopHandler());

        queue.submit(Collections.nCopies(500, JobSubmission.of("mail", "noop", "null")), null);

        await().untilAsserted(() -> assertThat(countOf(JobState.COMPLETED)).isEqualTo(500));
    }

    @Test
    void two_nodes_run_a_limited_queue_without_a_pause_between_its_jobs() {
        // So long that the jobs would never be done if each waited for a look that nobody asked for.
        pollMin = Duration.ofMinutes(1);
        pollMax = Duration.ofMinutes(1);
        queue.setLimits("limited", 1, null);
        startNode(4, 30_000, new NoopHandler());
        startNode(4, 30_000, new NoopHandler());

        queue.submit(Collections.nCopies(100, JobSubmission.of("limited", "noop", "null")), null);
        queue.submit(Collections.nCopies(100, JobSubmission.of("mail", "noop", "null")), null);

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(countOf(JobState.COMPLETED)).isEqualTo(200));
    }

    @Test
    void queues_with_limits_and_queues_without_take_turns_on_a_single_slot() {
        queue.setLimits("limited", 1_000, null);
        for (String name : List.of("limited", "a", "b")) {
            queue.submit(Collections.nCopies(40, JobSubmission.of(name, "noop", "null")), null);
        }

        startNode(1, 30_000, new NoopHandler());

        await().untilAsserted(() -> assertThat(countOf(JobState.COMPLETED)).isEqualTo(120));
        List<String> order = database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("SELECT queue FROM trayb_finished_jobs ORDER BY started_at, id")
                                .mapTo(String.class)
                                .list());
        for (String name : List.of("limited", "a", "b")) {
            assertThat(Collections.frequency(order.subList(0, 60), name))
                    .as(name)
                    .isBetween(15, 25);
        }
    }

    @Test
    void a_failure_is_retried_with_backoff_and_then_completes() {
        startNode(2, 30_000, new FailHandler());

        Job job = finished(submit("fail", "{\"message\":\"not yet\",\"times\":1}"));

        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(events.of(job.id()).get(2).data())
                .contains("\"reason\":\"retry\"")
                .contains("not yet");
    }

    @Test
    void a_payload_that_does_not_fit_fails_for_good_and_says_where() {
        startNode(2, 30_000, new SleepHandler());

        Job job = finished(submit("sleep", "{\"ms\":\"long\"}"));

        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.error()).isNotNull();
        assertThat(job.error().message()).contains("'ms'").doesNotContain("java.");
    }

    @Test
    void whatever_a_handler_throws_fails_its_attempt_alone() {
        startNode(1, 30_000, new NoopHandler(), new JobHandler<JsonNode>() {
            @Override
            public String type() {
                return "broken";
            }

            @Override
            public Object run(JsonNode payload, JobContext job) throws JobFailure {
                throw new OutOfMemoryError("as a handler may");
            }
        });

        Job broken = finished(
                submit(new JobSubmission("mail", "broken", "null", 5, null, Duration.ZERO, 1, minute(), null)));

        assertThat(broken.state()).isEqualTo(JobState.FAILED);
        assertThat(finished(submit("noop", "null")).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void sleep_tells_its_progress_and_ends_at_a_hundred() {
        startNode(2, 30_000, new SleepHandler());

        Job job = finished(submit("sleep", "{\"ms\":1500}"));

        assertThat(job.progress()).isEqualTo(100);
        List<String> names = events.namesOf(job.id());
        assertThat(names.stream().filter("job.progress"::equals).count()).isBetween(2L, 4L);
        assertThat(names.get(names.size() - 1)).isEqualTo("job.completed");
    }

    @Test
    void no_more_handlers_run_at_once_than_there_are_slots() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        startNode(3, 30_000, new JobHandler<JsonNode>() {
            @Override
            public String type() {
                return "counting";
            }

            @Override
            public @Nullable Object run(JsonNode payload, JobContext job) {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                LockSupport.parkNanos(10_000);
                running.decrementAndGet();
                return null;
            }
        });

        queue.submit(Collections.nCopies(500, JobSubmission.of("mail", "counting", "null")), null);

        await().until(() -> countOf(JobState.COMPLETED) == 500);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void jobs_that_were_claimed_ahead_of_long_ones_are_given_back_for_others_to_run() {
        BlockingHandler blocking = new BlockingHandler(false);
        startNode(1, 30_000, new NoopHandler(), blocking);
        queue.submit(Collections.nCopies(300, JobSubmission.of("mail", "noop", "null")), null);
        await().until(() -> countOf(JobState.COMPLETED) == 300);

        List<JobSubmission> mixed = new ArrayList<>();
        mixed.add(new JobSubmission("mail", "blocking", "null", 0, null, Duration.ZERO, 5, minute(), null));
        mixed.addAll(Collections.nCopies(50, JobSubmission.of("mail", "noop", "null")));
        queue.submit(mixed, null);

        await().until(() -> countOf(JobState.ACTIVE) == 1 && countOf(JobState.WAITING) == 50);
        assertThat(blocking.started.getCount()).isZero();
        startNode(1, 30_000, new NoopHandler());
        await().until(() -> countOf(JobState.COMPLETED) == 350);
        blocking.letGo.countDown();
        assertThat(events.all().stream().filter(event -> event.data().contains("\"reason\":\"returned\"")))
                .isNotEmpty();
    }

    @Test
    void two_handlers_of_one_type_are_refused_with_both_names() {
        assertThatThrownBy(() -> new JobHandlers(List.of(new NoopHandler(), new NoopHandler()), StrictJson.newMapper()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("job type 'noop' has two handlers");
    }

    @Test
    void a_job_for_which_no_thread_could_be_made_waits_again_and_runs_once_there_is_one() {
        AtomicBoolean lacking = new AtomicBoolean(true);
        ThreadFactory made = jobThreads;
        jobThreads = task -> {
            if (lacking.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return made.newThread(task);
        };
        startNode(1, 30_000, new NoopHandler());

        Job job = submit("noop", "null");
        await().until(() ->
                events.of(job.id()).stream().anyMatch(event -> event.data().contains("\"reason\":\"returned\"")));
        lacking.set(false);

        assertThat(finished(job).state()).isEqualTo(JobState.COMPLETED);
    }
}
