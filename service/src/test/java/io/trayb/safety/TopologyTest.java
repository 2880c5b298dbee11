package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.events.ReturningClient;
import io.trayb.events.SseReader;
import io.trayb.testing.Figures;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.SteadyClients;
import io.trayb.testing.Topology;
import io.trayb.testing.TopologyNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything as it would run in production, HAProxy, two nodes, PgBouncer, two Postgres, Sentinels and two Redis, while each part of
 * it goes and clients are at it. {@code -Dtrayb.long=true} restarts the nodes more often. What they logged stays there after a failure.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopologyTest {
    private static final int ROUNDS = Boolean.getBoolean("trayb.long") ? 5 : 1;
    private static final long SEED = Long.getLong("trayb.safety.seed", System.currentTimeMillis() % 1_000_000);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int NODES = 2;
    /** Longer than Postgres is away: what nobody heard the end of may be done so much later. */
    private static final long LONGEST_STALL = Micros.ofMillis(10_000);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static final Ledger ledger = new Ledger();
    private static Path starts;
    private static Topology topology;
    private static History history;
    private static LeaseWatch watch;

    @BeforeAll
    static void start() throws Exception {
        starts = folder.resolve("starts");
        long begun = System.nanoTime();
        topology = new Topology(
                folder,
                List.of(TestClasses.handler(folder.resolve("recording"), RecordingHandler.class)),
                Map.of(RecordingHandler.FILE, starts.toString(), "JOB_CONCURRENCY", "16"),
                // A machine that is busy with tests may let a thread wait for a second, which is refused by design.
                "thresholds.pressureDelaySeconds=30",
                "events.drainWindow=1s");
        Figures.note("the whole topology was up after %d ms"
                .formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
        history = new History(folder.resolve("history.jsonl"));
        watch = new LeaseWatch(jdbcUrl(), ledger);
    }

    @AfterAll
    static void stop() throws Exception {
        // Whatever there is of them, even if another doesn't close.
        try {
            if (watch != null) {
                watch.close();
            }
        } finally {
            try {
                if (history != null) {
                    history.close();
                }
            } finally {
                if (topology != null) {
                    topology.close();
                }
            }
        }
    }

    /** Each client is told when to come back, comes in by the same way, and goes on at the other node where it was. */
    @Test
    @Order(1)
    void a_rolling_restart_fails_no_request_and_its_streams_are_told_and_miss_nothing() throws Exception {
        try (TopologyLoad load = load("rolling")) {
            SteadyClients steady = new SteadyClients(topology.port(), PAUSE);
            try (steady) {
                load.awaitDone(20);
                for (int restart = 0; restart < NODES * ROUNDS; restart++) {
                    TopologyNode node = topology.nodes().get(restart % NODES);
                    stop(node);
                    TopologyNode other = topology.nodes().get((restart + 1) % NODES);
                    await().atMost(PATIENCE).until(() -> streamsAt(other) == TopologyLoad.STREAMS);
                    node.start();
                    node.awaitReady();
                    topology.awaitReadyNodes(NODES);
                }
                load.awaitDone(20);
            }
            Figures.note("%d rolling restarts of processes behind HAProxy: %d requests on %d connections, %d failed"
                    .formatted(
                            ROUNDS,
                            load.operations().size() + steady.requests(),
                            load.operations().size() + steady.connections(),
                            load.failed().size() + steady.failed()));
            assertThat(steady.failures()).isEmpty();
            assertThat(steady.accepted()).hasSizeGreaterThan(100);
            assertThat(load.failed()).isEmpty();
            assertPromisesKept(load);
            assertThat(jobs())
                    .filteredOn(job -> job.state().equals("completed"))
                    .extracting(FinalJob::id)
                    .containsAll(steady.accepted());
            assertThat(load.streams()).allSatisfy(stream -> {
                assertThat(stream.events()).extracting(SseReader.Block::event).doesNotContain("gap");
                assertThat(stream.closes())
                        .hasSameSizeAs(stream.returns())
                        .allSatisfy(TopologyTest::assertToldToReturn);
            });
            // Half of them were at the node that went first, and all at the other one when that went.
            assertThat(load.streams().stream()
                            .mapToInt(stream -> stream.closes().size())
                            .sum())
                    .isGreaterThanOrEqualTo(TopologyLoad.STREAMS * ROUNDS);
        }
    }

    /** It takes the standby and the replica, so nothing comes after it. */
    @Test
    @Order(2)
    void both_primaries_die_and_no_acknowledged_job_is_lost_and_streams_are_told_all_or_a_gap() throws Exception {
        List<Long> processes = processes();
        try (TopologyLoad load = load("failover")) {
            load.awaitDone(20);

            topology.killRedisPrimary();
            topology.awaitRedisFailover();
            awaitBothReady();
            load.awaitDone(20);
            // Jobs go on without Redis.
            assertThat(load.failed()).isEmpty();

            topology.killPostgresPrimary();
            topology.promotePostgresStandby();
            load.awaitDone(20);
            awaitBothReady();
            // A gap stands for what came before it, and streams go on.
            String afterwards = topology.client().submit("{'queue':'" + SteadyClients.QUEUE + "','type':'noop'}");
            for (ReturningClient stream : load.streams()) {
                await().atMost(PATIENCE)
                        .until(() -> stream.events().stream()
                                .anyMatch(event -> event.event().equals("job.completed")
                                        && event.data().contains(afterwards)));
            }
            // Meanwhile what couldn't be done was refused, and each was told so.
            assertThat(load.failed())
                    .allSatisfy(failed -> assertThat(failed.status()).isEqualTo(503));

            assertPromisesKept(load);
        }
        assertThat(processes()).isEqualTo(processes);
    }

    private static TopologyLoad load(String name) {
        return new TopologyLoad(name, topology.port(), SEED, history);
    }

    /** In good order; what ran there ended or was given back. */
    private static void stop(TopologyNode node) throws Exception {
        long asked = Micros.now();
        node.stop();
        ledger.exited(node.pid());
        ledger.gaveUp(new LeaseEnd(Long.toString(node.pid()), asked, Micros.now()));
    }

    private static int streamsAt(TopologyNode node) throws Exception {
        return HttpAnswers.get(node.adminPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("trayb_sse_active_connections{kind=\"sse\""))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static void assertToldToReturn(SseReader.Block close) {
        assertThat(close.data()).isEqualTo("{\"reason\":\"shutdown\"}");
        assertThat(Integer.parseInt(close.retry())).isPositive();
    }

    private static List<Long> processes() {
        return topology.nodes().stream().map(TopologyNode::pid).toList();
    }

    private static void awaitBothReady() {
        for (TopologyNode node : topology.nodes()) {
            await().atMost(PATIENCE)
                    .until(() -> HttpAnswers.get(node.port(), "/readyz").statusCode() == 200);
        }
        topology.awaitReadyNodes(NODES);
    }

    /** Once its clients have ended and all is done: jobs, and what its streams told of them. */
    private static void assertPromisesKept(TopologyLoad load) throws Exception {
        load.endClients();
        await().atMost(PATIENCE).until(() -> unfinished() == 0);
        List<FinalJob> jobs = jobs();
        List<FinalJob> followed = jobs.stream()
                .filter(job -> job.finishedAt() != null && job.finishedAt() >= load.began())
                .toList();
        assertThat(followed).as("jobs that ended").hasSizeGreaterThan(20);
        for (ReturningClient stream : load.streams()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(StreamChecks.untold(stream.events(), followed))
                            .isEmpty());
        }
        // Those of the clients that keep no history are checked by their own.
        List<FinalJob> ofHistory = jobs.stream()
                .filter(job -> !job.queue().equals(SteadyClients.QUEUE))
                .toList();
        assertThat(Checker.check(new Evidence(
                        history.operations(),
                        new StartLog(starts).read(),
                        ledger.leaseEnds(),
                        ledger.exits(),
                        ofHistory,
                        LONGEST_STALL)))
                .as("seed %d; the history is in %s", SEED, folder)
                .isEmpty();
    }

    private static long unfinished() throws SQLException {
        try (Connection connection = connect()) {
            return FinalJobs.unfinished(connection);
        }
    }

    private static List<FinalJob> jobs() throws SQLException {
        try (Connection connection = connect()) {
            return FinalJobs.read(connection);
        }
    }

    /** Past PgBouncer, to whichever is the primary. */
    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), "postgres", "");
    }

    private static String jdbcUrl() {
        return topology.postgres().url().jdbcUrl() + "?targetServerType=primary";
    }
}
