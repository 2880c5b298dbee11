package io.trayb.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The service as users run it, from the shipped config.yml, on embedded engines with fsync on: a process of its own, or several on one
 * port under their supervisor.
 */
final class ServiceUnderTest implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(4);
    /** Several clusters on a small machine let one another wait for longer than the second after which load is shed. */
    private static final String SHEDDING_LITTLE = "-Ddw.thresholds.pressureDelaySeconds=30";

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Process process;
    private final Path dataDir;
    private final JsonNode place;

    private ServiceUnderTest(Process process, Path dataDir, JsonNode place) {
        this.process = process;
        this.dataDir = dataDir;
        this.place = place;
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param root the project's folder
     * @throws IllegalStateException if it doesn't get ready, with the end of its log
     */
    static ServiceUnderTest start(Path root) throws IOException, InterruptedException {
        return start(root, "server", Map.of());
    }

    /**
     * Starts {@code trayb cluster}, and waits until all its processes are ready.
     *
     * @param root the project's folder
     * @param processes how many
     * @throws IllegalStateException if they don't get ready, with the end of their log
     */
    static ServiceUnderTest startCluster(Path root, int processes) throws IOException, InterruptedException {
        return start(
                root, "cluster", Map.of("CLUSTER_WORKERS", Integer.toString(processes), "JAVA_OPTS", SHEDDING_LITTLE));
    }

    private static ServiceUnderTest start(Path root, String command, Map<String, String> variables)
            throws IOException, InterruptedException {
        Path dataDir = Files.createTempDirectory("trayb-bench");
        Path log = dataDir.resolve("service.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.trayb.TraybApplication",
                        command,
                        root.resolve("config.yml").toString())
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(List.of("DATABASE_URL", "DIRECT_DATABASE_URL", "REDIS_URL"));
        builder.environment().put("DATA_DIR", dataDir.toString());
        builder.environment().put("PORT", "0");
        builder.environment().put("ADMIN_PORT", "0");
        builder.environment().put("LOG_LEVEL", "WARN");
        builder.environment().putAll(variables);
        Process process = builder.start();
        long until = System.nanoTime() + START.toNanos();
        Path file = dataDir.resolve("trayb.json");
        while (System.nanoTime() < until && process.isAlive()) {
            if (Files.exists(file)) {
                JsonNode place = new ObjectMapper().readTree(file.toFile());
                if (areReady(place.path("processes"))
                        && new Api(place.path("port").asInt()).isReady()) {
                    return new ServiceUnderTest(process, dataDir, place);
                }
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        process.destroy();
        throw new IllegalStateException("the service didn't get ready; its log:\n" + Files.readString(log));
    }

    /** Those of a cluster; a service alone has none to be listed. */
    private static boolean areReady(JsonNode processes) {
        for (JsonNode process : processes) {
            if (!process.path("state").asText().equals("ready")) {
                return false;
            }
        }
        return true;
    }

    Api api() {
        return new Api(place.path("port").asInt());
    }

    int port() {
        return place.path("port").asInt();
    }

    /** What its process alone has used of the processors so far, or all of a cluster's; Postgres and Redis are others. */
    double cpuSeconds() {
        double seconds = cpuSeconds(process.toHandle());
        for (JsonNode member : place.path("processes")) {
            seconds += cpuSeconds(ProcessHandle.of(member.path("pid").asLong()).orElseThrow());
        }
        return seconds;
    }

    private static double cpuSeconds(ProcessHandle handle) {
        return handle.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    /** What its process has in memory. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Its Postgres. */
    DatabaseUrl database() throws IOException {
        return DatabaseUrl.parse(
                Files.readString(dataDir.resolve("postgres.url")).strip());
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, STOP.toSeconds(), TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(dataDir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
