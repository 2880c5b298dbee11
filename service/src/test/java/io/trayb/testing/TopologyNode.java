package io.trayb.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A place of a topology in which a service process runs, ends and is started again, on ports that stay. Not thread-safe. */
public final class TopologyNode implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(60);
    /** What a JVM ends with that has done all that it had to when it was told to stop. */
    private static final int BY_SIGTERM = 128 + 15;

    private final String name;
    private final List<Path> ahead;
    private final Path dataDir;
    private final Path log;
    private final int port;
    private final int adminPort;
    private final Map<String, String> variables;
    private final String[] settings;
    private @Nullable ServiceProcess process;

    /**
     * @param folder for its files and its log; there already
     * @param ahead directories of classes that go before the service's own
     * @param port of its API
     * @param adminPort the other one
     */
    TopologyNode(
            String name,
            Path folder,
            List<Path> ahead,
            int port,
            int adminPort,
            Map<String, String> variables,
            String... settings) {
        this.name = name;
        this.ahead = ahead;
        this.dataDir = folder.resolve(name);
        this.log = folder.resolve(name + ".log");
        this.port = port;
        this.adminPort = adminPort;
        this.variables = new TreeMap<>(variables);
        this.variables.putAll(Map.of("PORT", Integer.toString(port), "ADMIN_PORT", Integer.toString(adminPort)));
        this.settings = settings;
    }

    public String name() {
        return name;
    }

    /** Of its API, past the load balancer. */
    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    /** Calls it past the load balancer. */
    public ServiceClient client() {
        return new ServiceClient(port);
    }

    /** All that its processes have printed. */
    public Path log() {
        return log;
    }

    /** Of the process that runs, or ran last. */
    public long pid() {
        return running().pid();
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Starts it, without waiting for it. It isn't running. */
    public void start() throws IOException {
        Files.createDirectories(dataDir);
        process = ServiceProcess.start(ahead, dataDir, log, variables, settings);
    }

    /**
     * Waits until it is ready.
     *
     * @throws IllegalStateException with the end of its log, if it won't be
     */
    public void awaitReady() throws IOException {
        running().awaitReady();
    }

    /** Sends it SIGTERM, and waits until it has ended in good order. */
    public void stop() throws InterruptedException, IOException {
        running().terminate();
        if (!running().awaitEnd(STOP)) {
            throw new IllegalStateException(name + " doesn't stop; " + LogTail.of(log));
        }
        int code = running().exitCode();
        if (code != BY_SIGTERM) {
            throw new IllegalStateException(name + " ended with " + code + "; " + LogTail.of(log));
        }
    }

    /** Ends it as a power cut would. */
    public void kill() throws InterruptedException {
        running().kill();
    }

    /** Stops it in good order, starts it again, and waits until it is ready. */
    public void restart() throws InterruptedException, IOException {
        stop();
        start();
        awaitReady();
    }

    /** Kills what runs: nobody waits for a test's last clients. */
    @Override
    public void close() {
        if (isRunning()) {
            try {
                kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + name + " was ended", e);
            }
        }
    }

    private ServiceProcess running() {
        return Objects.requireNonNull(process, name + " was never started");
    }
}
