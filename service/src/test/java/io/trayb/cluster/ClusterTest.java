package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.events.ReturningClient;
import io.trayb.testing.Figures;
import io.trayb.testing.RawHttp;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes under their supervisor, which every test leaves as it found them. */
class ClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final boolean LONG = Boolean.getBoolean("trayb.long");
    private static final int RESTARTS = LONG ? 10 : 1;
    private static final int STREAMS = 10;
    private static final String STREAM = "/api/v1/events?topic=jobs";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path temporary;

    private static ClusterProcess cluster;

    @BeforeAll
    static void start() throws Exception {
        Path dataDir = temporary.resolve("data");
        cluster = ClusterProcess.start(
                        dataDir,
                        temporary.resolve("log"),
                        TestService.outside(database.url(), redis.port(), dataDir),
                        "cluster.restartMin=100ms",
                        "cluster.hungAfter=" + (LONG ? "5s" : "30s"),
                        "events.drainWindow=500ms",
                        "jobs.lease=2s",
                        "jobs.beat=500ms")
                .awaitAllReady();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void both_processes_serve_the_port_and_jobs_run_in_the_first_only() throws Exception {
        Set<String> served = new HashSet<>();
        List<String> ids = new ArrayList<>();
        ServiceClient client = new ServiceClient(cluster.port());
        try (NewConnections load =
                NewConnections.start(2, cluster.port(), NewConnections.get("/api/v1/queues"), "HTTP/1.1 200")) {
            await().until(() -> load.answered() > 100);
            load.end();
            assertThat(load.failures()).isEmpty();
        }
        cluster.admin("/metrics")
                .lines()
                .filter(line -> line.startsWith("trayb_http_request_duration_seconds_count{"))
                .filter(line -> !line.endsWith(" 0.0"))
                .forEach(line -> served.add(line.replaceAll(".*process=\"([^\"]*)\".*", "$1")));
        for (int i = 0; i < 20; i++) {
            ids.add(client.submit("{'type':'noop'}"));
        }
        ids.forEach(id -> client.awaitState(id, "completed"));

        assertThat(served).containsExactlyInAnyOrder("jobs-1", "api-2");
        assertThat(metric("trayb_jobs_completed_total", "jobs-1")).isGreaterThanOrEqualTo(20);
        assertThat(metric("trayb_jobs_completed_total", "api-2")).isZero();
        assertThat(metric("trayb_worker_slots", "api-2")).isZero();
    }

    @Test
    void the_supervisors_port_tells_of_all_processes() throws Exception {
        assertThat(cluster.admin("/metrics").lines())
                .contains("up{process=\"jobs-1\"} 1", "up{process=\"api-2\"} 1")
                .doesNotHaveDuplicates();
        JsonNode ready = ServiceClient.parse(cluster.admin("/readyz"));
        assertThat(ready.path("status").asText()).isEqualTo("ok");
        assertThat(ready.path("processes").findValuesAsText("pid"))
                .containsExactlyElementsOf(
                        cluster.pids().stream().map(pid -> Long.toString(pid)).toList());
        assertThat(ServiceClient.parse(cluster.admin("/healthz")).path("status").asText())
                .isEqualTo("ok");
        assertThat(cluster.admin("/"))
                .contains("jobs-1", cluster.process("api-2").path("adminUrl").asText());
        assertThat(cluster.place().path("pid").asLong()).isEqualTo(cluster.pid());
        assertThat(cluster.log())
                .containsPattern("(?m)^jobs-1 +\\d\\d:.*Registered as process")
                .containsPattern("(?m)^api-2 +\\d\\d:.*Registered as process")
                .containsPattern("(?m)^cluster +\\d\\d:.*All 2 processes are ready");
    }

    @Test
    void the_supervisors_port_answers_programs_on_this_machine_only() throws Exception {
        int port = cluster.place().path("adminPort").asInt();

        assertThat(RawHttp.send(port, "GET /metrics", "Host: evil.example")).startsWith("HTTP/1.1 403");
        assertThat(RawHttp.send(port, "GET /metrics", "Host: localhost", "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(RawHttp.send(port, "GET /metrics", "Host: localhost", "Origin: http://127.0.0.1:3000"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void a_process_that_is_killed_is_started_again_while_the_other_serves() throws Exception {
        long killed = cluster.pid("api-2");
        long other = cluster.pid("jobs-1");
        int restarts = cluster.process("api-2").path("restarts").asInt();

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE).until(() -> cluster.admin("/metrics").contains("up{process=\"api-2\"} 0"));
        assertThat(new ServiceClient(cluster.port()).get("/queues").status()).isEqualTo(200);
        await().atMost(PATIENCE)
                .until(() -> cluster.process("api-2").path("restarts").asInt() == restarts + 1
                        && cluster.pid("api-2") != killed);
        cluster.awaitAllReady();
        assertThat(cluster.pid("jobs-1")).isEqualTo(other);
        assertThat(cluster.log())
                .contains("api-2 (process " + killed + ") was ended by signal 9; it is started again in 0.");
    }

    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void a_process_that_stands_still_is_killed_and_started_again() throws Exception {
        long still = cluster.pid("api-2");

        new ProcessBuilder("kill", "-STOP", Long.toString(still)).start().waitFor();

        await().atMost(PATIENCE).until(() -> cluster.pid("api-2") != still);
        cluster.awaitAllReady();
        assertThat(cluster.log()).contains("api-2 (process " + still + ") hangs: killing it");
    }

    @Test
    void a_rolling_restart_fails_no_request_and_loses_no_event() throws Exception {
        Set<Long> all = new HashSet<>(cluster.pids());
        List<ReturningClient> streams = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < STREAMS; i++) {
            ReturningClient stream = new ReturningClient(cluster.port(), STREAM);
            streams.add(stream);
            stream.start();
        }
        await().until(() -> streams.stream().allMatch(ReturningClient::isOpen));
        long answered;
        List<String> failures;
        Thread submitter = new Thread(() -> submitUntil(over, accepted, refused));
        submitter.start();
        try (NewConnections load = NewConnections.start(
                4,
                cluster.port(),
                NewConnections.get("/api/v1/queues"),
                "HTTP/1.1 200",
                LONG ? Duration.ZERO : Duration.ofMillis(3))) {
            for (int i = 1; i <= RESTARTS; i++) {
                int before = done();
                cluster.signal("HUP");
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(done()).as(cluster.log()).isGreaterThan(before));
                all.addAll(cluster.pids());
                assertThat(all).hasSize(2 + 2 * i);
            }
            load.end();
            answered = load.answered();
            failures = load.failures();
        } finally {
            over.set(true);
            submitter.join();
        }
        Figures.note(RESTARTS + " rolling restarts of two processes under load: " + failures.size() + " of " + answered
                + " requests on new connections failed");

        assertThat(failures).as(cluster.log()).isEmpty();
        assertThat(refused).isEmpty();
        assertThat(accepted).isNotEmpty();
        for (ReturningClient stream : streams) {
            await().atMost(PATIENCE).until(() -> missing(stream, accepted).isEmpty());
            List<String> told = completed(stream);
            assertThat(new HashSet<>(told)).hasSameSizeAs(told);
        }
        for (ReturningClient stream : streams) {
            stream.close();
        }
    }

    private static int done() throws Exception {
        return cluster.log().split("The rolling restart is done", -1).length - 1;
    }

    /** Over connections that are used again and again. */
    private static void submitUntil(AtomicBoolean over, Queue<String> accepted, Queue<String> refused) {
        try {
            ServiceClient client = new ServiceClient(cluster.port());
            while (!over.get()) {
                ServiceClient.Answer answer = client.post("/jobs", "{'type':'noop'}");
                if (answer.status() == 201) {
                    accepted.add(answer.json(201).path("id").asText());
                } else {
                    refused.add(answer.status() + " " + answer.body());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (IOException | UncheckedIOException e) {
            refused.add(e.toString());
        }
    }

    private static Set<String> missing(ReturningClient stream, Collection<String> accepted) {
        Set<String> missing = new HashSet<>(accepted);
        completed(stream).forEach(missing::remove);
        return missing;
    }

    private static List<String> completed(ReturningClient stream) {
        return stream.data().stream()
                .filter(data -> data.contains("\"durationMs\""))
                .map(data -> ServiceClient.parse(data).path("jobId").asText())
                .toList();
    }

    private static double metric(String name, String process) throws Exception {
        return cluster.admin("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{process=\"" + process + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
