package io.trayb.monitoring.alert;

import java.time.Duration;

/**
 * How often somebody is told about what fires. Immutable.
 *
 * @param first the time that Alertmanager waits for more of the same before it tells for the first time; not negative
 * @param more the least time until it tells of what has been added or has ended since
 * @param again the time after which it tells the same once more; a multiple of {@code more}, or it would come later
 */
public record Cadence(Duration first, Duration more, Duration again) {
    /** As Alertmanager has it by itself: what comes at once comes in one message, and what lasts is said again twice a shift. */
    public static final Cadence USUAL = new Cadence(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));

    /** At once and every minute: whoever watches from outside hears it, or knows that nothing else arrives either. */
    public static final Cadence WATCHDOG = new Cadence(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(1));

    public Cadence {
        if (first.isNegative() || more.isNegative() || more.isZero() || again.toMillis() % more.toMillis() != 0) {
            throw new IllegalArgumentException("cadence " + first + ", " + more + ", " + again
                    + " must not be negative, and its last must be a multiple of the one before");
        }
    }
}
