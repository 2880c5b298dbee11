package io.trayb.jobs.worker;

import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.http.StrictJson;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobHandler;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.queue.Announcer;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.jobs.queue.JobObserver;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.queue.LimitedStarts;
import io.trayb.jobs.queue.RecordedEvents;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.testing.TestDatabase;
import io.trayb.threads.DaemonThreads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that run jobs, on tables of their own that are empty before each test. */
abstract class WorkerNodes {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    static final Duration LEASE = Duration.ofSeconds(3);

    final RecordedEvents events = new RecordedEvents();
    final Announcer announcer = new Announcer(events, JobObserver.NONE);
    final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system());
    final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());
    final LimitedStarts limited = new LimitedStarts(transactions, announcer, System::nanoTime);
    final RemoteWorkers remoteWorkers = new RemoteWorkers(
            transactions,
            announcer,
            leases,
            limited,
            Backoff.standard(() -> 0.5),
            InstantSource.system(),
            System::nanoTime);
    final AtomicInteger abandoned = new AtomicInteger();
    final List<Node> nodes = new ArrayList<>();
    Duration pollMin = Duration.ofMillis(50);
    Duration pollMax = Duration.ofMillis(500);
    ThreadFactory jobThreads = DaemonThreads.numbered("trayb-job");

    /** A process's worth of parts. */
    record Node(ProcessLease lease, JobWorker worker, Housekeeping housekeeping) {
        void stop() throws InterruptedException {
            housekeeping.stop();
            worker.stop();
            lease.stop();
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

    static List<Thread> threadsNamed(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    Node startNode(int slots, long graceMs, JobHandler<?>... handlers) {
        return startNode(() -> {}, slots, graceMs, handlers);
    }

    Node startNode(Runnable onDeadProcess, int slots, long graceMs, JobHandler<?>... handlers) {
        JobsConfiguration configuration = configuration(slots, graceMs);
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
                () -> 0.5,
                jobThreads);
        Housekeeping housekeeping =
                new Housekeeping(queue, leases, remoteWorkers, limited, configuration, lease, onDeadProcess);
        Node node = new Node(lease, worker, housekeeping);
        nodes.add(node);
        announcer.onReady(queues -> worker.wake());
        lease.start();
        worker.start();
        housekeeping.start();
        return node;
    }

    JobsConfiguration configuration(int slots, long graceMs) {
        return new JobsConfiguration(
                true,
                slots,
                configured(LEASE),
                configured(Duration.ofMillis(500)),
                configured(Duration.ofMillis(graceMs)),
                configured(Duration.ofMillis(300)),
                3,
                configured(pollMin),
                configured(pollMax),
                configured(Duration.ofSeconds(5)),
                "",
                "",
                "");
    }

    private static io.dropwizard.util.Duration configured(Duration duration) {
        return io.dropwizard.util.Duration.milliseconds(duration.toMillis());
    }

    static Duration minute() {
        return Duration.ofMinutes(1);
    }

    Job submit(String type, String payload) {
        return submit(JobSubmission.of("mail", type, payload));
    }

    Job submit(JobSubmission submission) {
        return queue.submit(List.of(submission), null).jobs().get(0).job();
    }

    Job finished(Job job) {
        UUID id = job.id();
        return await().atMost(20, TimeUnit.SECONDS)
                .until(() -> queue.find(id).orElseThrow(), now -> now.state().isFinished());
    }

    long countOf(JobState state) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_all_jobs WHERE state = :state")
                        .bind("state", state.wireName())
                        .mapTo(Long.class)
                        .one());
    }
}
