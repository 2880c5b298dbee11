package io.trayb;

import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.render.Artifacts;
import java.util.Map;
import java.util.TreeMap;

/** Whether rules can be made with thresholds. Some values are fine as numbers and make no rule, such as a wait of a second. */
final class ThresholdTrial {
    private ThresholdTrial() {}

    /**
     * Makes everything that is generated, with each threshold alone, so that the one that is wrong can be named, and with all.
     *
     * @param thresholds values by name
     * @throws IllegalArgumentException naming the threshold, its value and what is allowed
     */
    static void require(Map<String, Double> thresholds) {
        if (thresholds.isEmpty()) {
            return;
        }
        TraybCatalog.with(thresholds);
        new TreeMap<>(thresholds)
                .forEach((name, value) -> attempt("threshold '" + name + "' is " + value, Map.of(name, value)));
        attempt("the thresholds are " + new TreeMap<>(thresholds), thresholds);
    }

    private static void attempt(String what, Map<String, Double> thresholds) {
        try {
            Artifacts.of(TraybCatalog.with(thresholds));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(what + ", and no rule can be made of that: " + e.getMessage(), e);
        }
    }
}
