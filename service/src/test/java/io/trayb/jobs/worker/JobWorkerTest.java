package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.uuid.Generators;
import io.dropwizard.util.Duration;
import io.trayb.database.Transactions;
import io.trayb.events.Event;
import io.trayb.http.StrictJson;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.handlers.EchoHandler;
import io.trayb.jobs.handlers.FailHandler;
import io.trayb.jobs.handlers.NoopHandler;
import io.trayb.jobs.handlers.SleepHandler;
import io.trayb.jobs.queue.Announcer;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.jobs.queue.JobObserver;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.queue.LimitedStarts;
import io.trayb.jobs.queue.RecordedEvents;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.testing.TestDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobWorkerTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private final RecordedEvents events = new RecordedEvents();
    private final Announcer announcer = new Announcer(events, JobObserver.NONE);
    private final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    private final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system());
    private final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());
    private final LimitedStarts limited = new LimitedStarts(transactions, announcer, System::nanoTime);
    private final RemoteWorkers remoteWorkers = new RemoteWorkers(
            transactions,
            announcer,
            leases,
            limited,
            Backoff.standard(() -> 0.5),
            InstantSource.system(),
            System::nanoTime);
    private final AtomicInteger abandoned = new AtomicInteger();
    private final List<Node> nodes = new ArrayList<>();
    private Duration pollMin = Duration.milliseconds(50);
    private Duration pollMax = Duration.milliseconds(500);

    /** A process's worth of parts. */
    private record Node(ProcessLease lease, JobWorker worker, Housekeeping housekeeping) {
        void stop() throws InterruptedException {
            housekeeping.stop();
            worker.stop();
            lease.stop();
        }
    }

    /** Blocks until it is let go, and says what happened to it. */
    private static final class BlockingHandler implements JobHandler<JsonNode> {
        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);
        private final AtomicBoolean interrupted = new AtomicBoolean();
        private final AtomicBoolean left = new AtomicBoolean();
        private final boolean stubborn;

        BlockingHandler(boolean stubborn) {
            this.stubborn = stubborn;
        }

        @Override
        public String type() {
            return "blocking";
        }

        @Override
        public @Nullable Object run(JsonNode payload, JobContext job) throws InterruptedException {
            started.countDown();
            while (true) {
                try {
                    letGo.await();
                    left.set(true);
                    return "let go";
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    if (!stubborn) {
                        throw e;
                    }
                }
            }
        }
    }

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_queues; TRUNCATE trayb_processes")
                        .execute());
    }

    @AfterEach
    void stopNodes() throws InterruptedException {
        for (Node node : nodes) {
            node.stop();
        }
    }

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
        pollMin = Duration.minutes(1);
        pollMax = Duration.minutes(1);
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
    void sleep_tells_its_progress_and_ends_at_a_hundred() {
        startNode(2, 30_000, new SleepHandler());

        Job job = finished(submit("sleep", "{\"ms\":1500}"));

        assertThat(job.progress()).isEqualTo(100);
        List<String> names = events.namesOf(job.id());
        assertThat(names.stream().filter("job.progress"::equals).count()).isBetween(2L, 4L);
        assertThat(names.get(names.size() - 1)).isEqualTo("job.completed");
    }

    @Test
    void a_timeout_interrupts_the_handler_and_fails_the_attempt() {
        BlockingHandler handler = new BlockingHandler(false);
        startNode(1, 30_000, handler);

        Job job = submit(new JobSubmission(
                "mail",
                "blocking",
                "null",
                5,
                null,
                java.time.Duration.ZERO,
                1,
                java.time.Duration.ofMillis(300),
                null));

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
        Job late = submit(new JobSubmission(
                "mail",
                "blocking",
                "null",
                5,
                null,
                java.time.Duration.ZERO,
                1,
                java.time.Duration.ofMillis(100),
                null));
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

    @Test
    void a_process_that_leaves_its_end_to_others_to_tell_is_found_dead() throws Exception {
        Node leaving = startNode(1, 30_000, new NoopHandler());
        await().until(() -> leaving.lease().isHeld());
        AtomicInteger told = new AtomicInteger();
        Node other = startNode(told::incrementAndGet, 1, 30_000, new NoopHandler());
        await().until(() -> other.lease().isHeld());

        leaving.lease().keepForOthersToTell();
        leaving.stop();
        nodes.remove(leaving);

        await().until(() -> told.get() == 1);
    }

    @Test
    void a_process_that_signs_off_is_not_found_dead() throws Exception {
        Node leaving = startNode(1, 30_000, new NoopHandler());
        await().until(() -> leaving.lease().isHeld());

        leaving.stop();
        nodes.remove(leaving);

        long left = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_processes")
                        .mapTo(Long.class)
                        .one());
        assertThat(left).isZero();
    }

    @Test
    void a_process_whose_lease_was_judged_lets_go_and_registers_anew() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        Node node = startNode(1, 30_000, handler);
        submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();
        long first = node.lease().processId();

        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_processes SET expires_at = now() - interval '1 hour'")
                        .execute());
        leases.reap(java.time.Duration.ofMillis(1), 3);

        await().untilTrue(handler.interrupted);
        await().until(() -> node.lease().isHeld() && node.lease().processId() != first);
        handler.letGo.countDown();
    }

    @Test
    void the_jobs_of_a_process_that_stopped_beating_run_elsewhere() {
        long dead = leases.register("killed", true, Set.of(), java.time.Duration.ofMillis(500));
        Job job = submit("noop", "null");
        assertThat(leases.claim(dead, "killed", List.of("noop"), "", 1, 1)).hasSize(1);

        startNode(1, 30_000, new NoopHandler());

        Job finished = finished(job);
        assertThat(finished.state()).isEqualTo(JobState.COMPLETED);
        assertThat(finished.attempt()).isEqualTo(2);
    }

    @Test
    void a_start_that_this_process_does_not_know_of_is_given_back_and_run() {
        Node node = startNode(1, 30_000, new NoopHandler());
        await().until(() -> node.lease().isHeld());
        Job job = submit("unheard-of", "null");
        leases.claim(node.lease().processId(), "lost answer", List.of("unheard-of"), "", 1, 1);

        await().untilAsserted(() ->
                assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.WAITING));
    }

    @Test
    void jobs_that_were_claimed_ahead_of_long_ones_are_given_back_for_others_to_run() {
        BlockingHandler blocking = new BlockingHandler(false);
        startNode(1, 30_000, new NoopHandler(), blocking);
        queue.submit(Collections.nCopies(300, JobSubmission.of("mail", "noop", "null")), null);
        await().until(() -> countOf(JobState.COMPLETED) == 300);

        List<JobSubmission> mixed = new ArrayList<>();
        mixed.add(new JobSubmission("mail", "blocking", "null", 0, null, java.time.Duration.ZERO, 5, minute(), null));
        mixed.addAll(Collections.nCopies(50, JobSubmission.of("mail", "noop", "null")));
        queue.submit(mixed, null);

        await().until(() -> countOf(JobState.ACTIVE) == 1 && countOf(JobState.WAITING) == 50);
        assertThat(blocking.started.getCount()).isZero();
        startNode(1, 30_000, new NoopHandler());
        await().until(() -> countOf(JobState.COMPLETED) == 350);
        assertThat(events.all().stream().filter(event -> event.data().contains("\"reason\":\"returned\"")))
                .isNotEmpty();
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
    void two_handlers_of_one_type_are_refused_with_both_names() {
        assertThatThrownBy(() -> new JobHandlers(List.of(new NoopHandler(), new NoopHandler()), StrictJson.newMapper()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("job type 'noop' has two handlers");
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

        Job broken = finished(submit(
                new JobSubmission("mail", "broken", "null", 5, null, java.time.Duration.ZERO, 1, minute(), null)));

        assertThat(broken.state()).isEqualTo(JobState.FAILED);
        assertThat(finished(submit("noop", "null")).state()).isEqualTo(JobState.COMPLETED);
    }

    private static List<Thread> threadsNamed(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    private Node startNode(int slots, long graceMs, JobHandler<?>... handlers) {
        return startNode(() -> {}, slots, graceMs, handlers);
    }

    private Node startNode(Runnable onDeadProcess, int slots, long graceMs, JobHandler<?>... handlers) {
        JobsConfiguration configuration = new JobsConfiguration(
                true,
                slots,
                Duration.seconds(3),
                Duration.milliseconds(500),
                Duration.milliseconds(graceMs),
                Duration.milliseconds(300),
                3,
                pollMin,
                pollMax,
                Duration.seconds(5),
                "");
        ProcessLease lease = new ProcessLease(leases, "test", configuration, Set.of(), System::nanoTime);
        WorkerObserver observer = new WorkerObserver() {
            @Override
            public void handlerAbandoned() {
                abandoned.incrementAndGet();
            }
        };
        JobWorker worker = new JobWorker(
                leases,
                limited,
                new JobHandlers(List.of(handlers), StrictJson.newMapper()),
                configuration,
                lease,
                "test",
                observer,
                () -> 0.5);
        Housekeeping housekeeping =
                new Housekeeping(queue, leases, remoteWorkers, limited, configuration, lease, onDeadProcess);
        Node node = new Node(lease, worker, housekeeping);
        nodes.add(node);
        announcer.onReady(worker::wake);
        lease.start();
        worker.start();
        housekeeping.start();
        return node;
    }

    private static java.time.Duration minute() {
        return java.time.Duration.ofMinutes(1);
    }

    private Job submit(String type, String payload) {
        return submit(JobSubmission.of("mail", type, payload));
    }

    private Job submit(JobSubmission submission) {
        return queue.submit(List.of(submission), null).jobs().get(0).job();
    }

    private Job finished(Job job) {
        UUID id = job.id();
        return await().atMost(20, TimeUnit.SECONDS)
                .until(() -> queue.find(id).orElseThrow(), now -> now.state().isFinished());
    }

    private long countOf(JobState state) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_all_jobs WHERE state = :state")
                        .bind("state", state.wireName())
                        .mapTo(Long.class)
                        .one());
    }
}
