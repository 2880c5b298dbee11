package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service as a process of its own, from the shipped config.yml on free ports; it can be killed. */
public final class ServiceProcess implements AutoCloseable {
    private final Process process;
    private final Path dataDir;
    private final Path log;

    private ServiceProcess(Process process, Path dataDir, Path log) {
        this.process = process;
        this.dataDir = dataDir;
        this.log = log;
    }

    /**
     * Starts the service without waiting for it.
     *
     * @param log takes what it prints
     * @param settings keys of the configuration with their values, such as {@code jobs.lease=2s}
     */
    public static ServiceProcess start(Path dataDir, Path log, Map<String, String> variables, String... settings)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        for (String setting : settings) {
            command.add("-Ddw." + setting);
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.trayb.TraybApplication",
                "server",
                "../config.yml"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(List.of("DATABASE_URL", "DIRECT_DATABASE_URL", "REDIS_URL"));
        builder.environment().putAll(Map.of("DATA_DIR", dataDir.toString(), "PORT", "0", "ADMIN_PORT", "0"));
        builder.environment().putAll(variables);
        return new ServiceProcess(builder.start(), dataDir, log);
    }

    public ServiceProcess awaitReady() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    assertThat(place().path("pid").asLong())
                            .as(Files.readString(log))
                            .isEqualTo(process.pid());
                    assertThat(HttpAnswers.get(port(), "/readyz").statusCode()).isEqualTo(200);
                });
        return this;
    }

    public long pid() {
        return process.pid();
    }

    public int port() throws IOException {
        return place().path("port").asInt();
    }

    public ServiceClient client() throws IOException {
        return new ServiceClient(port());
    }

    /** Ends it as a power cut would: it gets no chance to do anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive());
    }

    private JsonNode place() throws IOException {
        Path file = dataDir.resolve("trayb.json");
        return ServiceClient.parse(Files.exists(file) ? Files.readString(file) : "{}");
    }
}
