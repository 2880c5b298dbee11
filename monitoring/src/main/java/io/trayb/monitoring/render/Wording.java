package io.trayb.monitoring.render;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Describing;
import io.trayb.monitoring.promql.PromDuration;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;
import java.util.Optional;

/** How thresholds and times are written in the documents: the same words everywhere. */
final class Wording {
    private Wording() {}

    /** Such as {@code 100 per minute over 1m}. */
    static String threshold(Threshold threshold, Thresholds thresholds) {
        return thresholds.exact(threshold) + timing(threshold.timing());
    }

    /** Such as {@code more than 200, lasting 1m}; what fires at once on no number says so. */
    static String limit(Alert alert, Thresholds thresholds) {
        Optional<String> words = new Describing(alert, thresholds).limit();
        if (words.isPresent()) {
            return words.get();
        }
        Threshold threshold = alert.threshold();
        if (threshold != null) {
            return "more than " + threshold(threshold, thresholds);
        }
        Optional<Duration> hold = alert.hold(thresholds);
        return hold.isPresent() ? "lasting " + PromDuration.of(hold.get()) : "always";
    }

    private static String timing(Timing timing) {
        if (timing instanceof Timing.Window window) {
            return " over " + PromDuration.of(window.length());
        }
        return timing instanceof Timing.Lasting lasting ? ", lasting " + PromDuration.of(lasting.length()) : "";
    }
}
