package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static io.trayb.testing.HttpAnswers.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.StrictJson;
import io.trayb.testing.TestDataDir;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as a process of its own, which can be killed. */
class TraybProcessTest {
    @TempDir
    Path temporary;

    private final List<Process> started = new ArrayList<>();
    private Path dataDir;

    @BeforeEach
    void makeDataDir() {
        dataDir = TestDataDir.in(temporary);
    }

    @AfterEach
    void stopAll() throws Exception {
        for (Process process : started) {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void after_a_kill_a_new_start_takes_over_the_engines_that_were_left_running() throws Exception {
        Process first = start(Map.of());
        awaitReady(first);
        String postgres = firstLine("postgres/postmaster.pid");
        String redis = firstLine("redis/redis.pid");
        first.destroyForcibly().waitFor();

        Process second = start(Map.of());
        awaitReady(second);

        assertThat(firstLine("postgres/postmaster.pid")).isEqualTo(postgres);
        assertThat(firstLine("redis/redis.pid")).isEqualTo(redis);
        second.destroy();
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ProcessHandle.of(Long.parseLong(postgres))).isEmpty();
        assertThat(ProcessHandle.of(Long.parseLong(redis))).isEmpty();
        assertThat(dataDir.resolve("trayb.json")).doesNotExist();
    }

    @Test
    void a_port_that_is_taken_is_told_in_a_sentence_and_nothing_is_left_running() throws Exception {
        Process first = start(Map.of());
        awaitReady(first);
        Path other = TestDataDir.in(temporary.resolve("other"));

        Process second = start(Map.of("PORT", Integer.toString(port()), "DATA_DIR", other.toString()));

        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(log(second)).contains("a port is in use").contains("set PORT and ADMIN_PORT to others");
        assertThat(other.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void a_wrong_setting_is_told_in_a_sentence_without_a_stack_trace() throws Exception {
        Process process = start(Map.of("PORT", "many"));

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(log(process))
                .contains("is 'many' (set by PORT), must be a whole number")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "check", "generate"})
    void a_wrong_threshold_is_told_in_a_sentence_by_every_command(String command) throws Exception {
        Path file = temporary.resolve("config.yml");
        Files.writeString(
                file,
                Files.readString(Path.of("../config.yml")).replace("thresholds: {}", "thresholds: {SSE_DROPS: 120}"));

        Process process = run(Map.of(), command, file.toString());

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(log(process))
                .contains("threshold 'SSE_DROPS' is unknown; there are")
                .contains("sseDropsPerMinute")
                .doesNotContain("\tat ");
    }

    @Test
    void db_status_and_db_migrate_work_on_the_embedded_database_while_no_service_runs() throws Exception {
        Process migrate = run(Map.of(), "db", "migrate", "../config.yml");
        assertThat(migrate.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(migrate.exitValue()).as(log(migrate)).isZero();

        Process status = run(Map.of(), "db", "status", "../config.yml");
        assertThat(status.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log(status)).contains("is up to date");
        assertThat(dataDir.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void at_sigterm_it_is_not_ready_at_once_and_starts_no_more_jobs_while_it_ends_its_streams() throws Exception {
        Process process = start(Map.of());
        awaitReady(process);
        int port = port();
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 5; i++) {
            streams.add(client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events?topic=jobs"))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream()));
        }

        long began = System.nanoTime();
        process.destroy();

        // Five streams are ended over five seconds, the first of them at once.
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(get(port, "/readyz").body()).contains("\"reason\":\"draining\""));
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
        String id = StrictJson.newMapper()
                .readTree(post(port, "/api/v1/jobs", "{\"type\":\"noop\"}").body())
                .path("id")
                .asText();
        assertThat(get(port, "/api/v1/jobs/" + id).body()).contains("\"state\":\"waiting\"");
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
        for (HttpResponse<InputStream> stream : streams) {
            stream.body().transferTo(OutputStream.nullOutputStream());
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
        assertThat(log(process)).doesNotContain("Waiting for queue");
    }

    private Process start(Map<String, String> variables) throws IOException {
        return run(variables, "server", "../config.yml");
    }

    private Process run(Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.trayb.TraybApplication"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("log-" + started.size()).toFile());
        builder.environment().keySet().removeAll(List.of("DATABASE_URL", "DIRECT_DATABASE_URL", "REDIS_URL"));
        builder.environment().putAll(Map.of("DATA_DIR", dataDir.toString(), "PORT", "0", "ADMIN_PORT", "0"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private void awaitReady(Process process) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(place().path("pid").asLong()).as(log(process)).isEqualTo(process.pid());
            assertThat(get(port(), "/readyz").statusCode()).isEqualTo(200);
        });
    }

    private int port() throws IOException {
        return place().path("port").asInt();
    }

    private JsonNode place() throws IOException {
        Path file = dataDir.resolve("trayb.json");
        return Files.exists(file)
                ? StrictJson.newMapper().readTree(Files.readString(file))
                : StrictJson.newMapper().createObjectNode();
    }

    private String firstLine(String file) throws IOException {
        return Files.readAllLines(dataDir.resolve(file)).get(0).strip();
    }

    private String log(Process process) throws IOException {
        return Files.readString(temporary.resolve("log-" + started.indexOf(process)));
    }
}
