package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDataDir;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How a cluster ends, and what doesn't even begin. */
class ClusterEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    private Path dataDir;

    @BeforeEach
    void makeDataDir() {
        dataDir = TestDataDir.in(temporary);
    }

    @Test
    void sigterm_ends_all_processes_in_good_order_and_then_the_engines_that_they_shared() throws Exception {
        try (ClusterProcess cluster = start(Map.of())) {
            cluster.awaitAllReady();
            String postgres = firstLine("postgres/postmaster.pid");
            String id = new ServiceClient(cluster.port()).submit("{'type':'sleep','payload':{'ms':1000}}");
            new ServiceClient(cluster.port()).awaitState(id, "active");
            List<Long> pids = cluster.pids();

            cluster.signal("TERM");

            assertThat(cluster.awaitEnd()).as(cluster.log()).isZero();
            assertThat(pids).hasSize(2).noneMatch(ClusterEndTest::isAlive);
            assertThat(isAlive(Long.parseLong(postgres))).isFalse();
            assertThat(dataDir.resolve("trayb.json")).doesNotExist();
            assertThat(cluster.log()).doesNotContain("started again", "Exception");
            // The handler had its time: nothing was given back.
            assertThat(cluster.log()).contains("has stopped").doesNotContain("killing");
        }
    }

    @Test
    void processes_whose_supervisor_is_killed_end_by_themselves() throws Exception {
        Map<String, String> one = new TreeMap<>(outside());
        one.put("CLUSTER_WORKERS", "1");
        try (ClusterProcess cluster = start(one)) {
            cluster.awaitAllReady();
            List<Long> pids = cluster.pids();

            cluster.signal("KILL");
            cluster.awaitEnd();

            await().atMost(PATIENCE).until(() -> pids.stream().noneMatch(ClusterEndTest::isAlive));
            assertThat(cluster.log()).contains("The supervisor is gone: stopping");
        }
    }

    @Test
    void when_no_process_can_be_kept_running_it_gives_up_and_says_why() throws Exception {
        Map<String, String> broken = new TreeMap<>(outside());
        broken.put("JAVA_OPTS", "-XX:NoSuchOption");
        try (ClusterProcess cluster = start(broken, "cluster.restartMin=10ms", "cluster.restartMax=50ms")) {
            assertThat(cluster.awaitEnd()).isEqualTo(1);

            assertThat(cluster.log())
                    .contains("Unrecognized VM option 'NoSuchOption")
                    .contains(
                            "trayb cluster: gave up, since nothing is served any more: jobs-1 ended 5 times in a row before"
                                    + " it was ready or soon after, the last time it ended with exit code 1.")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void a_port_that_is_taken_is_told_in_a_sentence_before_anything_is_started() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ClusterProcess cluster = start(Map.of("PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(cluster.awaitEnd()).isEqualTo(1);

            assertThat(cluster.log()).contains("a port is in use").doesNotContain("\tat ");
            assertThat(dataDir.resolve("postgres")).doesNotExist();
        }
    }

    private ClusterProcess start(Map<String, String> variables, String... settings) throws Exception {
        Map<String, String> all = new TreeMap<>(variables);
        all.put("DATA_DIR", dataDir.toString());
        return ClusterProcess.start(dataDir, temporary.resolve("log"), all, settings);
    }

    private Map<String, String> outside() {
        return TestService.outside(database.url(), redis.port(), dataDir);
    }

    private String firstLine(String file) throws Exception {
        return Files.readAllLines(dataDir.resolve(file)).get(0).strip();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
