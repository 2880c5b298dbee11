package io.trayb.pgbouncer;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.DatabaseUrl;
import io.trayb.metrics.PgBouncerPool;
import io.trayb.metrics.PgBouncerRecorder;
import io.trayb.metrics.PgBouncerTraffic;
import io.trayb.threads.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads for the metrics how PgBouncer's pools are used.
 *
 * <p>Owns the thread {@code trayb-pgbouncer}, which asks the console every 5 s over a connection that it keeps, and every second
 * while it can't be asked; it ends when the service stops.
 */
public final class PoolWatch implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(PoolWatch.class);
    /** Three looks between two scrapes. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Duration STOP = Duration.ofSeconds(2);
    /** The console counts itself as a database. */
    static final String CONSOLE = "pgbouncer";

    private final DatabaseUrl url;
    private final PgBouncerRecorder recorder;
    private final InstantSource clock;
    private final Duration pause;
    private final Loop loop = new Loop("pgbouncer", this::look);
    private @Nullable Console console;

    /**
     * A watch, not yet started.
     *
     * @param url of the console
     * @param clock the wall clock: Prometheus compares the time of the last answer with its own
     */
    public PoolWatch(DatabaseUrl url, PgBouncerRecorder recorder, InstantSource clock) {
        this(url, recorder, clock, PAUSE);
    }

    PoolWatch(DatabaseUrl url, PgBouncerRecorder recorder, InstantSource clock, Duration pause) {
        this.url = url;
        this.recorder = recorder;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public void start() {
        recorder.watches(url.hosts(), clock.instant());
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(STOP);
        close();
    }

    private Duration look() {
        try {
            Console open = open();
            List<PgBouncerPool> pools = pools(open);
            recorder.saw(url.hosts(), pools, traffic(open), clock.instant());
            return pause;
        } catch (IOException e) {
            close();
            recorder.lost();
            // The loop says it once, and tries again.
            throw new UncheckedIOException("PgBouncer's console at " + url + ": " + e.getMessage(), e);
        }
    }

    private Console open() throws IOException {
        Console open = console;
        if (open == null) {
            open = Console.open(url);
            console = open;
        }
        return open;
    }

    private static List<PgBouncerPool> pools(Console console) throws IOException {
        List<PgBouncerPool> pools = new ArrayList<>();
        for (Row row : console.ask("SHOW POOLS")) {
            if (!row.text("database").equals(CONSOLE)) {
                pools.add(new PgBouncerPool(
                        row.text("database"),
                        row.text("user"),
                        row.number("cl_active"),
                        row.number("cl_waiting"),
                        row.number("sv_active"),
                        // To be lent out at once, after a look whether they live, or while that look is on.
                        row.number("sv_idle") + row.number("sv_used") + row.number("sv_tested"),
                        row.number("sv_login"),
                        micros(TimeUnit.SECONDS.toMicros(row.number("maxwait")) + row.number("maxwait_us"))));
            }
        }
        return pools;
    }

    private static List<PgBouncerTraffic> traffic(Console console) throws IOException {
        List<PgBouncerTraffic> traffic = new ArrayList<>();
        for (Row row : console.ask("SHOW STATS")) {
            if (!row.text("database").equals(CONSOLE)) {
                traffic.add(new PgBouncerTraffic(
                        row.text("database"),
                        row.number("avg_xact_count"),
                        micros(row.number("avg_xact_time")),
                        micros(row.number("avg_wait_time"))));
            }
        }
        return traffic;
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    private void close() {
        Console open = console;
        console = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Broken, which is why it is being closed, or of no more use; the next look opens another.
                LOGGER.debug("closing PgBouncer's console failed", e);
            }
        }
    }
}
