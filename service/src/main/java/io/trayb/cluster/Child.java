package io.trayb.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service process. Its standard input is ours: a line on it is an order, and its end says that we are gone. Not thread-safe: the
 * supervisor's loop alone uses it.
 */
final class Child {
    private static final Logger LOGGER = LoggerFactory.getLogger(Child.class);
    private static final String PLACE = "trayb.json";
    private static final int SIGNALLED = 128;
    private static final int SIGTERM = 15;
    private static final double MILLIS = 1000;

    private final String name;
    private final Process process;
    private final Path directory;
    private final String adminHost;
    private final HttpClient client;
    private final ObjectMapper json;
    private final LongSupplier nanoTime;
    private final long startedAt;
    private @Nullable String adminUrl;
    private @Nullable Pulse pulse;
    private boolean wasReady;
    private long readyAt;

    /**
     * A process that was just started.
     *
     * @param name what it is called
     * @param directory where it notes its ports; goes with it
     * @param adminHost where its admin port is, as URLs have it
     */
    Child(
            String name,
            Process process,
            Path directory,
            String adminHost,
            HttpClient client,
            ObjectMapper json,
            LongSupplier nanoTime) {
        this.name = name;
        this.process = process;
        this.directory = directory;
        this.adminHost = adminHost;
        this.client = client;
        this.json = json;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
    }

    /** Finds out what has become of it; never waits. Says so when it is ready for the first time. */
    void look() {
        if (pulse == null) {
            readPlace();
        } else {
            pulse.look();
            if (!wasReady && pulse.isReady()) {
                wasReady = true;
                readyAt = nanoTime.getAsLong();
                LOGGER.info(
                        "{} is ready after {} s; its own admin port is at {}",
                        name,
                        age().toMillis() / MILLIS,
                        adminUrl);
            }
        }
    }

    private void readPlace() {
        Path file = directory.resolve(PLACE);
        if (!Files.exists(file)) {
            return;
        }
        try {
            JsonNode place = json.readTree(Files.readString(file));
            String url = "http://" + adminHost + ":" + place.path("adminPort").asInt();
            adminUrl = url;
            pulse = new Pulse(client, url, nanoTime);
        } catch (IOException e) {
            // It may be gone again; a process that stays without ports is noticed by the time that it takes.
            LOGGER.debug("{} can't be read", file, e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Where its admin port is, such as {@code http://127.0.0.1:8081}; null until it has opened its ports. */
    @Nullable
    String adminUrl() {
        return adminUrl;
    }

    boolean isReady() {
        return pulse != null && pulse.isReady();
    }

    /** Since its start. */
    Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - startedAt);
    }

    /** For how long it has been up, counted from when it was first ready; zero if it never was. */
    Duration served() {
        return wasReady ? Duration.ofNanos(nanoTime.getAsLong() - readyAt) : Duration.ZERO;
    }

    /** For how long it has answered nothing; zero until it has opened its ports. */
    Duration silence() {
        return pulse == null ? Duration.ZERO : pulse.silence();
    }

    /** Tells it to leave the shared ports to the others, to end what it has open, and to end. */
    void leave() {
        try {
            OutputStream orders = process.getOutputStream();
            orders.write((SupervisorLink.LEAVE + "\n").getBytes(StandardCharsets.UTF_8));
            orders.flush();
        } catch (IOException e) {
            // Nobody reads any more: it has ended by itself, which comes to the same.
            LOGGER.debug("Process {} takes no order", pid(), e);
        }
    }

    /** SIGTERM. By its handle, since {@link Process#destroy} would also close the pipe by which it knows that we are there. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** How it ended, for a sentence; it must have. */
    String end() {
        int code = process.exitValue();
        return code > SIGNALLED ? "was ended by signal " + (code - SIGNALLED) : "ended with exit code " + code;
    }

    /** The same of one that was asked to end: a JVM that ends in good order at SIGTERM has the code of that signal. */
    String endOfStop() {
        return process.exitValue() == SIGNALLED + SIGTERM ? "has stopped" : end();
    }

    /** Takes away what it leaves behind, once it has ended. */
    void clear() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe had a reader only in it.
            LOGGER.trace("closing the pipe to process {}", pid(), e);
        }
        try {
            Files.deleteIfExists(directory.resolve(PLACE));
            Files.deleteIfExists(directory.resolve(PLACE + ".new"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOGGER.warn("{} can't be removed: {}", directory, e.toString());
        }
    }
}
