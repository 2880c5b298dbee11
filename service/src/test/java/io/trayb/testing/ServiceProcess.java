package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** The service as a process of its own, from the shipped config.yml on free ports; it can be killed. */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

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
        return start(List.of(), dataDir, log, variables, settings);
    }

    /**
     * Starts the service without waiting for it.
     *
     * @param ahead directories of classes that go before the service's own: what they add, and what they replace
     * @param log takes what it prints, after what is there
     * @param settings keys of the configuration with their values, such as {@code jobs.lease=2s}
     */
    public static ServiceProcess start(
            List<Path> ahead, Path dataDir, Path log, Map<String, String> variables, String... settings)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        for (String setting : settings) {
            command.add("-Ddw." + setting);
        }
        List<String> classPath = new ArrayList<>();
        ahead.forEach(directory -> classPath.add(directory.toString()));
        classPath.add(PluginJar.classPath());
        command.addAll(List.of(
                "-cp",
                String.join(File.pathSeparator, classPath),
                "io.trayb.TraybApplication",
                "server",
                "../config.yml"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment()
                .keySet()
                .removeAll(
                        List.of("DATABASE_URL", "DIRECT_DATABASE_URL", "PROBE_DATABASE", "PGBOUNCER_URL", "REDIS_URL"));
        builder.environment().putAll(Map.of("DATA_DIR", dataDir.toString(), "PORT", "0", "ADMIN_PORT", "0"));
        builder.environment().putAll(variables);
        return new ServiceProcess(builder.start(), dataDir, log);
    }

    /**
     * Waits until it is ready.
     *
     * @throws IllegalStateException with the end of its log, if it ends instead, or isn't within a minute
     */
    public ServiceProcess awaitReady() throws IOException {
        try {
            await().atMost(START).pollInterval(Duration.ofMillis(200)).until(() -> !process.isAlive() || isReady());
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "the service isn't ready after " + START.toSeconds() + " s; " + LogTail.of(log), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the service ended with exit code " + process.exitValue() + "; " + LogTail.of(log));
        }
        return this;
    }

    private boolean isReady() throws IOException, InterruptedException {
        return portIfUp() != 0 && HttpAnswers.get(port(), "/readyz").statusCode() == 200;
    }

    public long pid() {
        return process.pid();
    }

    public int port() throws IOException {
        return place().path("port").asInt();
    }

    public int adminPort() throws IOException {
        return place().path("adminPort").asInt();
    }

    public ServiceClient client() throws IOException {
        return new ServiceClient(port());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its port as soon as it serves; 0 before. */
    public int portIfUp() throws IOException {
        JsonNode place = place();
        return place.path("pid").asLong() == process.pid() ? place.path("port").asInt() : 0;
    }

    /** Makes it stand still, with its connections open. */
    public void freeze() throws Exception {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() throws Exception {
        signal("CONT");
    }

    /** Asks it to end in good order, without waiting for that. */
    public void terminate() {
        process.destroy();
    }

    /** What it ended with; it has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Waits until it has ended; false if it hasn't in time. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
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

    private void signal(String signal) throws Exception {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(code).as("kill -" + signal + " " + process.pid()).isZero();
    }

    private JsonNode place() throws IOException {
        Path file = dataDir.resolve("trayb.json");
        return ServiceClient.parse(Files.exists(file) ? Files.readString(file) : "{}");
    }
}
