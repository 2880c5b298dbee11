package io.trayb.metrics;

import java.time.Duration;
import java.time.Instant;

/** Times as Prometheus has them: seconds, with fractions. */
final class Seconds {
    private static final double MILLISECONDS = 1e3;
    private static final double NANOSECONDS = 1e9;

    private Seconds() {}

    static double sinceEpoch(Instant instant) {
        return instant.toEpochMilli() / MILLISECONDS;
    }

    static double of(Duration duration) {
        return duration.toNanos() / NANOSECONDS;
    }
}
