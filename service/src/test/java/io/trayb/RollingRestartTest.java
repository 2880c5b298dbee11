package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.database.SqlArray;
import io.trayb.testing.Figures;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestHaProxy;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes behind the shipped HAProxy are stopped and started again, one after the other, while clients who repeat nothing are at it. */
class RollingRestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** What docs/proxies.md says that it should be with the shipped settings. */
    private static final String DRAIN_DELAY = "3s";

    /** A machine that is busy with tests may let a thread wait for a second, which is refused by design. */
    private static final String PATIENT = "dw.thresholds.pressureDelaySeconds";

    private static final String PATIENT_SECONDS = "30";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    /** For the whole test, since an override that two services have in one JVM is taken back by neither. */
    @BeforeAll
    static void bePatient() {
        System.setProperty(PATIENT, PATIENT_SECONDS);
    }

    @AfterAll
    static void beAsBefore() {
        System.clearProperty(PATIENT);
    }

    /** Starts a node; it is stopped in good order by its {@code close()}. */
    private interface Starter {
        AutoCloseable start(String name, int port) throws Exception;
    }

    @Test
    void a_rolling_restart_fails_no_request_and_loses_no_job() throws Exception {
        restartUnderLoad("in one JVM", 1, (name, port) -> {
            TestService node = TestService.start(variables(name, port));
            awaitReady(port);
            return node;
        });
    }

    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void rolling_restarts_of_processes_by_sigterm_fail_no_request_and_lose_no_job() throws Exception {
        restartUnderLoad(
                "processes",
                5,
                (name, port) -> ServiceProcess.start(
                                folder.resolve(name),
                                folder.resolve(name + ".log"),
                                variables(name, port),
                                PATIENT.replaceFirst("dw\\.", "") + "=" + PATIENT_SECONDS)
                        .awaitReady());
    }

    private void restartUnderLoad(String how, int rounds, Starter starter) throws Exception {
        int[] ports = {freePort(), freePort()};
        AutoCloseable[] nodes = new AutoCloseable[2];
        try (TestHaProxy haproxy = TestHaProxy.before(folder, ports[0], ports[1])) {
            for (int i = 0; i < 2; i++) {
                nodes[i] = starter.start("node-" + i, ports[i]);
            }
            await().atMost(PATIENCE).until(() -> haproxy.readyNodes() == 2);
            SteadyClients clients = new SteadyClients(haproxy.port());
            try (clients) {
                await().atMost(PATIENCE).until(() -> clients.requests() > 200);
                for (int restart = 0; restart < 2 * rounds; restart++) {
                    int node = restart % 2;
                    AutoCloseable stopping = nodes[node];
                    nodes[node] = null;
                    stopping.close();
                    nodes[node] = starter.start("node-" + node, ports[node]);
                    await().atMost(PATIENCE).until(() -> haproxy.readyNodes() == 2);
                }
                long sent = clients.requests();
                await().atMost(PATIENCE).until(() -> clients.requests() > sent + 200);
            }
            Figures.note("%d rolling restarts behind HAProxy, %s: %d requests on %d connections, %d failed"
                    .formatted(rounds, how, clients.requests(), clients.connections(), clients.failed()));
            assertThat(clients.failures()).isEmpty();
            assertThat(clients.accepted()).hasSizeGreaterThan(100);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(completed(List.copyOf(clients.accepted())))
                            .isEqualTo(clients.accepted().size()));
        } finally {
            // Each takes its drain delay.
            Stream.of(nodes).filter(Objects::nonNull).parallel().forEach(RollingRestartTest::close);
        }
    }

    private static void close(AutoCloseable node) {
        try {
            node.close();
        } catch (Exception e) {
            throw new IllegalStateException("a node can't be stopped", e);
        }
    }

    private Map<String, String> variables(String name, int port) {
        Map<String, String> variables =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), folder.resolve(name)));
        variables.put("PORT", Integer.toString(port));
        variables.put("DRAIN_DELAY", DRAIN_DELAY);
        return variables;
    }

    private static void awaitReady(int port) {
        await().atMost(PATIENCE).until(() -> HttpAnswers.get(port, "/readyz").statusCode() == 200);
    }

    private static int completed(List<String> ids) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                            SELECT count(*) FROM trayb_finished_jobs
                             WHERE state = 'completed' AND id = ANY(CAST(:ids AS uuid[]))
                            """)
                        .bind("ids", SqlArray.of(String.class, ids))
                        .mapTo(Integer.class)
                        .one());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
