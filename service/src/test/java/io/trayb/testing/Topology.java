package io.trayb.testing;

import static org.awaitility.Awaitility.await;

import io.trayb.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The whole of it as it would run in production, of real programs with the settings that are shipped, each on loopback ports of its
 * own. Not thread-safe.
 *
 * <pre>
 *                          ┌──▶ node-1 ──┬──▶ PgBouncer ──▶ Postgres primary ──log──▶ standby
 *   clients ──▶ HAProxy ──┤              │
 *                          └──▶ node-2 ──┴──▶ Redis primary ──▶ replica ◀── three Sentinels
 * </pre>
 *
 * <p>Each part can be made to go: nodes by SIGTERM or a kill, both primaries by a kill. What takes their place is promoted by
 * {@link #promotePostgresStandby} and by the Sentinels.
 */
public final class Topology implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NODES = 2;
    /** What docs/proxies.md says that it should be with the shipped settings. */
    private static final String DRAIN_DELAY = "3s";
    /** The log of events. */
    private static final String STREAM = "{trayb}:events";

    private final Parts parts = new Parts();
    private final List<TopologyNode> nodes = new ArrayList<>();
    private final TestHaProxy haproxy;
    private final TestPostgresPair postgres;
    private final TestPgBouncer pgbouncer;
    private final TestRedisPair redis;

    /**
     * Starts everything, both nodes at once; returns when HAProxy has seen them ready.
     *
     * @param folder for files and logs; there already, and with a short name, since a socket's path has room for some hundred bytes
     * @param ahead directories of classes that go before the service's own
     * @param variables of the nodes, beside those that lead them to the engines
     * @param settings of the nodes, such as {@code jobs.lease=2s}
     * @throws IllegalStateException that says which program didn't come up, with the end of its log; none is left running then
     */
    public Topology(Path folder, List<Path> ahead, Map<String, String> variables, String... settings)
            throws IOException {
        try {
            int[] ports = {LastingPort.free(), LastingPort.free()};
            Path postgresFiles = Files.createDirectories(folder.resolve("postgres"));
            // One after the other: the embedded engines unpack programs, and one that is being written while another
            // thread starts a
            // process can't be run ("text file busy"). What takes long is done meanwhile by those that were started
            // before.
            redis = parts.start("Redis with its Sentinels", () -> new TestRedisPair(STREAM));
            postgres = parts.start("Postgres with its standby", () -> new TestPostgresPair(postgresFiles));
            pgbouncer = parts.start(
                    "PgBouncer", () -> TestPgBouncer.before(postgres.primary().url()));
            haproxy = parts.start("HAProxy", () -> TestHaProxy.before(folder, ports[0], ports[1]));
            Map<String, String> all = new TreeMap<>(Map.of(
                    "DATABASE_URL", text(pgbouncer.through(postgres.primary().url())),
                    "DIRECT_DATABASE_URL", text(postgres.url()),
                    "PGBOUNCER_URL", pgbouncer.consoleUrl(),
                    "PROBE_DATABASE", TestPgBouncer.PROBE_DATABASE,
                    "REDIS_URL", redis.url(),
                    "DRAIN_DELAY", DRAIN_DELAY));
            all.putAll(variables);
            List<CompletableFuture<TopologyNode>> serving = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                TopologyNode node =
                        new TopologyNode("node-" + (i + 1), folder, ahead, ports[i], LastingPort.free(), all, settings);
                nodes.add(node);
                serving.add(parts.begin(node.name(), () -> started(node)));
            }
            Parts.await(serving.toArray(CompletableFuture<?>[]::new));
            redis.awaitWatched();
            awaitReadyNodes(NODES);
        } catch (IOException | RuntimeException | Error e) {
            try {
                parts.close();
            } catch (RuntimeException notClosed) {
                e.addSuppressed(notClosed);
            }
            throw e;
        }
    }

    /** One that doesn't get ready isn't left running either. */
    private static TopologyNode started(TopologyNode node) throws Exception {
        try {
            node.start();
            node.awaitReady();
            return node;
        } catch (IOException | RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    private static String text(DatabaseUrl url) {
        String password = url.password() == null ? "" : ":" + url.password();
        return "postgresql://" + url.user() + password + "@" + url.hosts() + "/" + url.database();
    }

    /** Where clients come in: HAProxy. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The port of {@link #url()}. */
    public int port() {
        return haproxy.port();
    }

    /** A client that comes in there. */
    public ServiceClient client() {
        return new ServiceClient(port());
    }

    /** Both. */
    public List<TopologyNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Waits until HAProxy gives requests to so many nodes because they say that they are ready. */
    public void awaitReadyNodes(int count) {
        await().atMost(PATIENCE).until(() -> haproxy.readyNodes() == count);
    }

    /** Both servers, past PgBouncer. */
    public TestPostgresPair postgres() {
        return postgres;
    }

    /** The one that all nodes go through. */
    public TestPgBouncer pgbouncer() {
        return pgbouncer;
    }

    /** Ends all processes of the Postgres primary at once. Until another is promoted nothing can be written. */
    public void killPostgresPrimary() throws Exception {
        postgres.killPrimary();
    }

    /** Makes the standby the primary, and points PgBouncer at it, as whoever runs Postgres does. */
    public void promotePostgresStandby() throws IOException, SQLException {
        postgres.promote();
        pgbouncer.leadTo(postgres.primary().url());
    }

    /** Brings the Postgres that was killed back, as the synchronous standby of the other. */
    public void rejoinPostgresStandby() throws Exception {
        postgres.rejoin();
    }

    /** Ends the Redis primary. The Sentinels see to the rest; only once, since the replica has none itself. */
    public void killRedisPrimary() {
        redis.killPrimary();
    }

    /** Waits until the Sentinels have put the replica in its place. */
    public void awaitRedisFailover() {
        redis.awaitFailover();
    }

    /** Ends everything, the nodes first and without mercy. */
    @Override
    public void close() {
        parts.close();
    }
}
