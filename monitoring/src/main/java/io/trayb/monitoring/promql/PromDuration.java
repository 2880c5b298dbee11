package io.trayb.monitoring.promql;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Writes durations as Prometheus does: {@code 15s}, {@code 5m}, {@code 1h}, {@code 3d}. */
public final class PromDuration {
    private PromDuration() {}

    /** The largest unit that divides it; whole seconds only. */
    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds <= 0 || !duration.truncatedTo(ChronoUnit.SECONDS).equals(duration)) {
            throw new IllegalArgumentException("duration " + duration + " must be a whole number of seconds above 0");
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
