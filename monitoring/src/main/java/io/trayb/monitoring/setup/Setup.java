package io.trayb.monitoring.setup;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one place differs from the code's defaults. Immutable.
 *
 * @param thresholds values by the threshold's name
 * @param alerting whom alerts are told, and how
 */
public record Setup(Map<String, Double> thresholds, Alerting alerting) {
    /** As the code has it. */
    public static final Setup DEFAULT = new Setup(Map.of(), Alerting.NOBODY);

    /** A setup; what is missing is as the code has it. */
    public Setup(
            @JsonProperty("thresholds") @Nullable Map<String, Double> thresholds,
            @JsonProperty("alerting") @Nullable Alerting alerting) {
        this.thresholds = thresholds == null ? Map.of() : new TreeMap<>(thresholds);
        this.alerting = alerting == null ? Alerting.NOBODY : alerting;
    }

    /** This setup for an environment: its thresholds go before these, its alerting takes this one's place where it has one. */
    public Setup in(String name, Setup environment) {
        Map<String, Double> merged = new TreeMap<>(thresholds);
        merged.putAll(environment.thresholds());
        Alerting theirs = environment.alerting().equals(Alerting.NOBODY) ? alerting : environment.alerting();
        return new Setup(merged, theirs.labelled("environment", name));
    }
}
