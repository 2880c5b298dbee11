package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.handlers.NoopHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerStopTest extends WorkerNodes {
    @Test
    void a_stop_lets_running_jobs_finish_within_the_grace_time() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        Node node = startNode(1, 30_000, handler);
        Job job = submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();
        handler.letGo.countDown();

        node.worker().stop();

        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void a_stop_gives_back_what_is_unfinished_with_the_attempt_uncounted() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        Node node = startNode(1, 200, handler);
        Job job = submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();

        node.worker().stop();

        Job returned = queue.find(job.id()).orElseThrow();
        assertThat(returned.state()).isEqualTo(JobState.WAITING);
        assertThat(returned.attempt()).isZero();
        assertThat(handler.interrupted).isTrue();
    }

    @Test
    void a_worker_that_was_told_to_stop_claiming_starts_nothing_more_and_goes_on_with_what_runs() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        Node node = startNode(4, 30_000, handler, new NoopHandler());
        Job running = submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();

        node.worker().stopClaiming();
        await().until(() -> threadsNamed("trayb-claimer").isEmpty());
        Job waiting = submit("noop", "null");
        handler.letGo.countDown();

        assertThat(finished(running).state()).isEqualTo(JobState.COMPLETED);
        assertThat(queue.find(waiting.id()).orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(node.worker().isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trayb-claimer", "trayb-outcomes", "trayb-lease", "trayb-lease-check"})
    void a_worker_of_which_a_thread_has_ended_is_not_alive(String name) {
        Node node = startNode(1, 30_000, new NoopHandler());
        assertThat(finished(submit("noop", "null")).state()).isEqualTo(JobState.COMPLETED);
        assertThat(node.worker().isAlive()).isTrue();

        threadsNamed(name).forEach(Thread::interrupt);

        await().until(() -> !node.worker().isAlive());
    }
}
