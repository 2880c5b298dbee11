package io.trayb.monitoring.threshold;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The one place where a threshold's time is said. Either the expression looks back over a window, or the condition must last;
 * both for the same thing would state the time twice.
 */
public sealed interface Timing {
    /** The expression looks back over this time; the alert fires as soon as it is true. */
    record Window(Duration length) implements Timing {
        public Window {
            requireSeconds("window", length);
        }
    }

    /** The condition must be true at every evaluation for this time ({@code for}). */
    record Lasting(Duration length) implements Timing {
        public Lasting {
            requireSeconds("lasting", length);
        }
    }

    /** No time beside the value: the value itself is one, or the condition counts at once. */
    record Immediate() implements Timing {}

    static Timing over(Duration window) {
        return new Window(window);
    }

    static Timing lasting(Duration length) {
        return new Lasting(length);
    }

    static Timing immediate() {
        return new Immediate();
    }

    private static void requireSeconds(String name, Duration length) {
        if (!length.truncatedTo(ChronoUnit.SECONDS).equals(length) || length.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(name + " " + length + " must be a whole number of seconds above 0");
        }
    }
}
