package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.events.Event;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.handlers.NoopHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandlerInterruptionTest extends WorkerNodes {
    @Test
    void a_timeout_interrupts_the_handler_and_fails_the_attempt() {
        BlockingHandler handler = new BlockingHandler(false);
        startNode(1, 30_000, handler);

        Job job = submit(
                new JobSubmission("mail", "blocking", "null", 5, null, Duration.ZERO, 1, Duration.ofMillis(300), null));

        Job failed = finished(job);
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.error()).isNotNull();
        assertThat(failed.error().message()).isEqualTo("timed out after 300 ms");
        await().untilTrue(handler.interrupted);
    }

    @Test
    void a_handler_that_ignores_its_interruption_costs_a_thread_and_not_a_slot_and_what_it_says_is_discarded() {
        BlockingHandler handler = new BlockingHandler(true);
        startNode(1, 30_000, handler, new NoopHandler());
        Job late = submit(
                new JobSubmission("mail", "blocking", "null", 5, null, Duration.ZERO, 1, Duration.ofMillis(100), null));
        await().until(() -> abandoned.get() == 1);

        assertThat(finished(submit("noop", "null")).state()).isEqualTo(JobState.COMPLETED);

        handler.letGo.countDown();
        await().untilTrue(handler.left);
        assertThat(finished(submit("noop", "null")).state()).isEqualTo(JobState.COMPLETED);
        Job timedOut = queue.find(late.id()).orElseThrow();
        assertThat(timedOut.state()).isEqualTo(JobState.FAILED);
        assertThat(timedOut.error()).isNotNull();
        assertThat(timedOut.error().message()).isEqualTo("timed out after 100 ms");
        assertThat(timedOut.result()).isNull();
    }

    @Test
    void cancelling_interrupts_the_handler_within_a_second_of_the_event() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        Node node = startNode(1, 30_000, handler);
        Job job = submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();

        queue.cancel(job.id());
        node.worker().onEvent(new Event("job.cancelled", job.id().toString(), "mail", "{}"));

        await().atMost(1, TimeUnit.SECONDS).untilTrue(handler.interrupted);
        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void cancelling_reaches_the_handler_within_two_seconds_without_any_event() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        startNode(1, 30_000, handler);
        Job job = submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();

        queue.cancel(job.id());

        await().atMost(2, TimeUnit.SECONDS).untilTrue(handler.interrupted);
    }
}
