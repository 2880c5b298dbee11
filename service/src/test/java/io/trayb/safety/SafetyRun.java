package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestDataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** One run: a cluster, its load, its nemesis, and the evidence that they leave. */
final class SafetyRun {
    private static final int NODES = 3;
    private static final int CLIENTS = 3;
    private static final int REMOTE_WORKERS = 5;
    /** Jobs of each client that bursts: a second's or two. */
    private static final int BURST = 40;

    private static final Duration START = Duration.ofMinutes(2);
    /** For how long nothing may get done while something is left. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** A call's time-out and more. */
    private static final Duration END_OF_THREADS = Duration.ofSeconds(60);

    private final Scenario scenario;
    private final Path directory;
    private final Ledger ledger = new Ledger();
    private final AtomicBoolean submitting = new AtomicBoolean(true);
    private final AtomicBoolean working = new AtomicBoolean(true);

    SafetyRun(Scenario scenario) throws IOException {
        this.scenario = scenario;
        this.directory = Path.of("target", "safety", scenario.name()).toAbsolutePath();
        deleteOld();
        Files.createDirectories(directory);
    }

    /** Where its history and its nodes' logs are. */
    Path directory() {
        return directory;
    }

    /**
     * Runs it.
     *
     * @param temporary for the engines' files
     */
    Evidence run(Path temporary) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (History history = new History(directory.resolve("history.jsonl"));
                Cluster cluster = new Cluster(
                        NODES,
                        scenario.classes(),
                        directory,
                        TestDataDir.in(temporary),
                        scenario.kinds().contains(Fault.Kind.FAIL_OVER),
                        ledger);
                LeaseWatch watch = new LeaseWatch(cluster.jdbcUrl(), ledger)) {
            history.say(scenario + ", watched from " + watch.began());
            awaitServing(cluster);
            StartLog remoteStarts = new StartLog(directory.resolve("remote-starts"));
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 1; i <= CLIENTS; i++) {
                ApiClient client = new ApiClient(
                        "client-" + i, scenario.workload(), random(i), anyPort(cluster, random(10L + i)), history);
                clients.add(threads.submit(task(() -> client.runWhile(submitting::get))));
            }
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 1; i <= REMOTE_WORKERS; i++) {
                RemoteWorker worker = new RemoteWorker(
                        "remote-" + i, random(20L + i), anyPort(cluster, random(30L + i)), history, remoteStarts);
                workers.add(threads.submit(task(() -> worker.runWhile(working::get))));
            }
            awaitWorkEverywhere(cluster);
            for (int i = 1; i <= scenario.bursting(); i++) {
                ApiClient client = new ApiClient(
                        "bursting-" + i,
                        scenario.workload(),
                        random(100L + i),
                        anyPort(cluster, random(200L + i)),
                        history);
                clients.add(threads.submit(task(() -> client.burst(BURST))));
            }
            Nemesis nemesis = new Nemesis(cluster, history);
            nemesis.run(plan());
            nemesis.heal();
            submitting.set(false);
            awaitEnd(clients);
            awaitServing(cluster);
            awaitDrained(cluster, history);
            working.set(false);
            awaitEnd(workers);
            return evidence(cluster, history, remoteStarts);
        } finally {
            submitting.set(false);
            working.set(false);
            threads.shutdownNow();
        }
    }

    List<Fault> plan() {
        return Fault.plan(
                scenario.seed(), scenario.kinds(), NODES, (int) scenario.chaos().toMillis(), (int)
                        scenario.longestPause().toMillis());
    }

    private Evidence evidence(Cluster cluster, History history, StartLog remoteStarts)
            throws IOException, SQLException {
        List<Start> starts = new ArrayList<>(remoteStarts.read());
        for (Node node : cluster.nodes()) {
            starts.addAll(node.starts());
        }
        try (Connection connection = cluster.connect()) {
            return new Evidence(
                    history.operations(),
                    starts,
                    ledger.leaseEnds(),
                    ledger.exits(),
                    FinalJobs.read(connection),
                    Micros.ofMillis(Fault.LONGEST_FREEZE_MS + 1000L));
        }
    }

    private static void awaitServing(Cluster cluster) {
        await().atMost(START)
                .pollInterval(LOOK_EVERY)
                .untilAsserted(() -> assertThat(serving(cluster)).isEqualTo(NODES));
    }

    /** Nothing is broken before every node has begun to work: it would break nothing. */
    private static void awaitWorkEverywhere(Cluster cluster) {
        await().atMost(START).pollInterval(LOOK_EVERY).untilAsserted(() -> {
            for (Node node : cluster.nodes()) {
                assertThat(node.starts()).as(node.name()).isNotEmpty();
            }
        });
    }

    private static int serving(Cluster cluster) throws IOException {
        int serving = 0;
        for (Node node : cluster.nodes()) {
            serving += node.isServing() ? 1 : 0;
        }
        return serving;
    }

    /**
     * Waits until nothing is left to do, or until nothing more gets done: what is left then is found by the checker. How long
     * all of it takes says something of the machine only.
     */
    private void awaitDrained(Cluster cluster, History history) throws SQLException, InterruptedException {
        try (Connection connection = cluster.connect()) {
            long left = FinalJobs.unfinished(connection);
            long begun = System.nanoTime();
            long lastGain = begun;
            while (left > 0
                    && System.nanoTime() - begun < scenario.drain().toNanos()
                    && System.nanoTime() - lastGain < PATIENCE.toNanos()) {
                // Between two looks: how long it goes on depends on what each finds, which a fixed wait can't say.
                Thread.sleep(LOOK_EVERY.toMillis());
                long now = FinalJobs.unfinished(connection);
                if (now < left) {
                    left = now;
                    lastGain = System.nanoTime();
                }
            }
            if (left > 0) {
                history.say(left + " jobs are left over");
            }
        }
    }

    private static void awaitEnd(List<Future<?>> threads) throws Exception {
        for (Future<?> thread : threads) {
            try {
                thread.get(END_OF_THREADS.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("a client doesn't come to its end", e);
            }
        }
    }

    private Random random(long number) {
        return new Random(scenario.seed() * 1000 + number);
    }

    private static IntSupplier anyPort(Cluster cluster, Random random) {
        return () -> cluster.nodes().get(random.nextInt(NODES)).http().port();
    }

    /** What a client's thread does; it may throw. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }

    private static Callable<Boolean> task(Task task) {
        return () -> {
            task.run();
            return true;
        };
    }

    private void deleteOld() throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
