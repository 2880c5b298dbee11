package io.trayb.monitoring.alert;

import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;

/**
 * The cases that show that an alert fires when it should, and only then. They are worked out from the thresholds in force,
 * so that a changed number is tested at its new edge.
 */
@FunctionalInterface
public interface Proof {
    List<Case> cases(Thresholds thresholds);

    /** This proof's cases, and another's. */
    default Proof and(Proof other) {
        return thresholds -> {
            List<Case> all = new ArrayList<>(cases(thresholds));
            all.addAll(other.cases(thresholds));
            return List.copyOf(all);
        };
    }
}
