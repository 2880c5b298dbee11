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

/** A child as a process of the machine. Its standard input is ours: a line on it is an order, and its end says that we are gone. */
final class ChildProcess implements Child {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChildProcess.class);
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
    ChildProcess(
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

    @Override
    public void look() {
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
            pulse = Pulse.of(client, url, nanoTime);
        } catch (IOException e) {
            // It may be gone again; a process that stays without ports is noticed by the time that it takes.
            LOGGER.debug("{} can't be read", file, e);
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public @Nullable String adminUrl() {
        return adminUrl;
    }

    @Override
    public boolean isReady() {
        return pulse != null && pulse.isReady();
    }

    @Override
    public boolean wasReady() {
        return wasReady;
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - startedAt);
    }

    @Override
    public Duration served() {
        return wasReady ? Duration.ofNanos(nanoTime.getAsLong() - readyAt) : Duration.ZERO;
    }

    @Override
    public Duration silence() {
        return pulse == null ? Duration.ZERO : pulse.silence();
    }

    @Override
    public void leave() {
        try {
            OutputStream orders = process.getOutputStream();
            orders.write((SupervisorLink.LEAVE + "\n").getBytes(StandardCharsets.UTF_8));
            orders.flush();
        } catch (IOException e) {
            // Nobody reads any more: it has ended by itself, which comes to the same.
            LOGGER.debug("Process {} takes no order", pid(), e);
        }
    }

    /** By its handle, since {@link Process#destroy} would also close the pipe by which it knows that we are there. */
    @Override
    public void terminate() {
        process.toHandle().destroy();
    }

    @Override
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public String end() {
        int code = process.exitValue();
        return code > SIGNALLED ? "was ended by signal " + (code - SIGNALLED) : "ended with exit code " + code;
    }

    @Override
    public String endOfStop() {
        return process.exitValue() == SIGNALLED + SIGTERM ? "has stopped" : end();
    }

    @Override
    public void clear() {
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
