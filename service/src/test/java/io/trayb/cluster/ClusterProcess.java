package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.PluginJar;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code trayb cluster} as a process with its children, from the shipped config.yml on free ports. */
final class ClusterProcess implements AutoCloseable {
    private final Process supervisor;
    private final Path dataDir;
    private final Path log;

    private ClusterProcess(Process supervisor, Path dataDir, Path log) {
        this.supervisor = supervisor;
        this.dataDir = dataDir;
        this.log = log;
    }

    /** @param settings keys of the configuration with their values, such as {@code cluster.restartMin=100ms} */
    static ClusterProcess start(Path dataDir, Path log, Map<String, String> variables, String... settings)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        for (String setting : settings) {
            command.add("-Ddw." + setting);
        }
        command.addAll(List.of("-cp", PluginJar.classPath(), "io.trayb.TraybApplication", "cluster", "../config.yml"));
        // Whoever runs the tests under nohup has them, and all that they start, deaf to SIGHUP.
        command.addAll(0, List.of("env", "--default-signal=HUP"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeAll(List.of("DATABASE_URL", "DIRECT_DATABASE_URL", "REDIS_URL"));
        builder.environment()
                .putAll(Map.of(
                        "DATA_DIR",
                        dataDir.toString(),
                        "PORT",
                        "0",
                        "ADMIN_PORT",
                        "0",
                        "CLUSTER_WORKERS",
                        "2",
                        "JAVA_OPTS",
                        "-XX:TieredStopAtLevel=1 -Xmx256m"));
        builder.environment().putAll(variables);
        return new ClusterProcess(builder.start(), dataDir, log);
    }

    ClusterProcess awaitAllReady() {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(processes())
                        .as(log())
                        .isNotEmpty()
                        .allSatisfy(process ->
                                assertThat(process.path("state").asText()).isEqualTo("ready")));
        return this;
    }

    /** As trayb.json has them. */
    List<JsonNode> processes() throws IOException {
        List<JsonNode> processes = new ArrayList<>();
        place().path("processes").forEach(processes::add);
        return processes;
    }

    JsonNode process(String name) throws IOException {
        return processes().stream()
                .filter(process -> process.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process " + name));
    }

    long pid(String name) throws IOException {
        return process(name).path("pid").asLong();
    }

    List<Long> pids() throws IOException {
        return processes().stream().map(process -> process.path("pid").asLong()).toList();
    }

    /** The processes that run now and that it started, whatever it says of them. */
    List<ProcessHandle> children() {
        return supervisor.children().toList();
    }

    long pid() {
        return supervisor.pid();
    }

    int port() throws IOException {
        return place().path("port").asInt();
    }

    String admin(String path) throws Exception {
        return HttpAnswers.get(place().path("adminPort").asInt(), path).body();
    }

    JsonNode place() throws IOException {
        Path file = dataDir.resolve("trayb.json");
        return ServiceClient.parse(Files.exists(file) ? Files.readString(file) : "{}");
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    void signal(String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits until the supervisor has ended; returns its exit code. */
    int awaitEnd() throws Exception {
        assertThat(supervisor.waitFor(60, TimeUnit.SECONDS)).as(log()).isTrue();
        return supervisor.exitValue();
    }

    @Override
    public void close() {
        supervisor.toHandle().destroy();
        await().atMost(Duration.ofSeconds(60)).until(() -> !supervisor.isAlive());
    }
}
