package io.trayb.monitoring;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Inhibition;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Origin;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.List;

/**
 * Everything that is declared, with the thresholds in force. Immutable. Whether the parts fit together is asked by
 * {@link io.trayb.monitoring.lint}, which names everything that doesn't at once.
 */
public record Catalog(
        List<Metric> metrics,
        Thresholds thresholds,
        List<RecordingRule> recordings,
        List<Alert> alerts,
        List<Inhibition> inhibitions,
        List<Dashboard> dashboards,
        Alerting alerting) {

    /**
     * Stands for the fingerprint in a declaration. The fingerprint is worked out from what all declarations render to, so
     * none of them can hold it.
     */
    public static final String FINGERPRINT = "@fingerprint@";

    /** A catalogue of which nobody is told anything. */
    public Catalog(
            List<Metric> metrics,
            Thresholds thresholds,
            List<RecordingRule> recordings,
            List<Alert> alerts,
            List<Inhibition> inhibitions,
            List<Dashboard> dashboards) {
        this(metrics, thresholds, recordings, alerts, inhibitions, dashboards, Alerting.NOBODY);
    }

    public Catalog {
        metrics = List.copyOf(metrics);
        recordings = List.copyOf(recordings);
        alerts = List.copyOf(alerts);
        inhibitions = List.copyOf(inhibitions);
        dashboards = List.copyOf(dashboards);
    }

    /** What the service itself must export, no more and no less. */
    public List<Metric> ownMetrics() {
        return metrics.stream()
                .filter(metric -> metric.origin() == Origin.TRAYB)
                .toList();
    }
}
