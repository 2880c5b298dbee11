package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A real Prometheus, Alertmanager or exporter on a free port of loopback, with its files in a folder of the test's. */
public final class MonitoringProgram implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final int port;

    private MonitoringProgram(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** A Prometheus on {@code prometheus.yml} in the folder. */
    public static MonitoringProgram prometheus(Path folder) throws IOException {
        int port = freePort();
        return start(
                "prometheus",
                folder,
                port,
                "/-/ready",
                List.of(
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=data",
                        "--web.enable-lifecycle",
                        "--web.listen-address=127.0.0.1:" + port));
    }

    /** An Alertmanager on {@code alertmanager.yml} in the folder. */
    public static MonitoringProgram alertmanager(Path folder) throws IOException {
        int port = freePort();
        return start(
                "prometheus-alertmanager",
                folder,
                port,
                "/-/ready",
                List.of(
                        "--config.file=alertmanager.yml",
                        "--storage.path=data",
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:" + port));
    }

    /** A redis_exporter. */
    public static MonitoringProgram redisExporter(Path folder, int redisPort) throws IOException {
        int port = freePort();
        return start(
                "prometheus-redis-exporter",
                folder,
                port,
                "/metrics",
                List.of("-redis.addr=redis://127.0.0.1:" + redisPort, "-web.listen-address=127.0.0.1:" + port));
    }

    /** A postgres_exporter; it takes where Postgres is from its environment. */
    public static MonitoringProgram postgresExporter(Path folder, DatabaseUrl database) throws IOException {
        int port = freePort();
        return start(
                "prometheus-postgres-exporter",
                folder,
                port,
                "/metrics",
                List.of("--web.listen-address=127.0.0.1:" + port),
                Map.of(
                        "DATA_SOURCE_NAME",
                        "postgresql://" + database.user() + "@" + database.hosts() + "/" + database.database()
                                + "?sslmode=disable"));
    }

    private static MonitoringProgram start(
            String program, Path folder, int port, String readyPath, List<String> arguments) throws IOException {
        return start(program, folder, port, readyPath, arguments, Map.of());
    }

    private static MonitoringProgram start(
            String program,
            Path folder,
            int port,
            String readyPath,
            List<String> arguments,
            Map<String, String> variables)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(path(program)));
        command.addAll(arguments);
        Path log = folder.resolve(program + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()));
        builder.environment().putAll(variables);
        Process process = builder.start();
        MonitoringProgram started = new MonitoringProgram(process, port);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(
                            () -> assertThat(HttpAnswers.get(port, readyPath).statusCode())
                                    .as(Files.readString(log))
                                    .isEqualTo(200));
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
        return started;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Has it read its files again. */
    public void reload() throws IOException, InterruptedException {
        post("/-/reload", "");
    }

    /** The answer to a GET, which must be 200. */
    public JsonNode get(String path) throws IOException, InterruptedException {
        var response =
                CLIENT.send(HttpRequest.newBuilder(address().resolve(path)).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
        return MAPPER.readTree(response.body());
    }

    /** What Prometheus answers to an instant query. */
    public JsonNode query(String expression) throws IOException, InterruptedException {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("data")
                .path("result");
    }

    /** Posts JSON; the answer must be 200. */
    public void post(String path, String json) throws IOException, InterruptedException {
        var response = CLIENT.send(
                HttpRequest.newBuilder(address().resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
    }

    @Override
    public void close() {
        process.destroy();
        await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }

    private static String path(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(program + " must be on the PATH for this test; `./trayb test` installs it"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
