package io.trayb.events;

import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each stream its sign of life and cuts those whose client takes nothing. The streams of a period are spread over its
 * ticks by where they stand in the set, so that ten thousand don't all write at one moment. Runs on the timer's thread.
 */
final class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private static final int TICKS = 15;

    private final OpenStreams streams;
    private final Duration period;
    private final Duration writeTimeout;
    private int tick;

    Heartbeats(OpenStreams streams, Duration period, Duration writeTimeout) {
        this.streams = Objects.requireNonNull(streams, "streams");
        this.period = Objects.requireNonNull(period, "period");
        this.writeTimeout = Objects.requireNonNull(writeTimeout, "writeTimeout");
    }

    void startOn(EventTimer timer) {
        timer.every(period.dividedBy(TICKS), this::beat);
    }

    private void beat() {
        tick = (tick + 1) % TICKS;
        for (StreamConnection stream : streams.all()) {
            try {
                stream.closeIfStalled(writeTimeout.toNanos());
                if (Math.floorMod(stream.hashCode(), TICKS) == tick) {
                    stream.heartbeat();
                }
            } catch (RuntimeException e) {
                // A defect of ours, on one stream; the others must have their heartbeats all the same.
                LOG.error("A heartbeat failed", e);
            }
        }
    }
}
