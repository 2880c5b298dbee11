package io.trayb.monitoring.promql;

import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;

/** How far a range selector looks back. */
public sealed interface Window {
    /** A window in a rule: fixed. */
    record Fixed(Duration length) implements Window {}

    /** A window in a panel: Grafana fills in what suits the zoom and the scrape interval. */
    record OfPanel() implements Window {}

    static Window of(Duration length) {
        return new Fixed(length);
    }

    /**
     * The window that a threshold is about.
     *
     * @throws IllegalArgumentException when the threshold has another timing
     */
    static Window of(Threshold threshold) {
        if (threshold.timing() instanceof Timing.Window window) {
            return new Fixed(window.length());
        }
        throw new IllegalArgumentException(
                "threshold '" + threshold.name() + "' must have a window, but is timed " + threshold.timing());
    }

    static Window ofPanel() {
        return new OfPanel();
    }

    /** The text between the square brackets. */
    default String text() {
        return this instanceof Fixed fixed ? PromDuration.of(fixed.length()) : "$__rate_interval";
    }
}
