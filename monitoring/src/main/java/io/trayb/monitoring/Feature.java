package io.trayb.monitoring;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.threshold.Threshold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What belongs together and is declared in one file: metrics, thresholds, rules, alerts and the panels that show them. Immutable;
 * each method gives the feature with one thing more.
 *
 * @param panels by the uid of the dashboard at whose end they are shown
 */
public record Feature(
        List<Metric> metrics,
        List<Threshold> thresholds,
        List<RecordingRule> recordings,
        List<Alert> alerts,
        Map<String, List<Panel>> panels) {
    private static final Feature NOTHING = new Feature(List.of(), List.of(), List.of(), List.of(), Map.of());

    public Feature {
        metrics = List.copyOf(metrics);
        thresholds = List.copyOf(thresholds);
        recordings = List.copyOf(recordings);
        alerts = List.copyOf(alerts);
        panels = Collections.unmodifiableMap(new TreeMap<>(panels));
    }

    /** With nothing in it yet. */
    public static Feature feature() {
        return NOTHING;
    }

    public Feature metric(Metric metric) {
        return new Feature(plus(metrics, metric), thresholds, recordings, alerts, panels);
    }

    public Feature threshold(Threshold threshold) {
        return new Feature(metrics, plus(thresholds, threshold), recordings, alerts, panels);
    }

    public Feature recording(RecordingRule rule) {
        return new Feature(metrics, thresholds, plus(recordings, rule), alerts, panels);
    }

    public Feature alert(Alert alert) {
        return new Feature(metrics, thresholds, recordings, plus(alerts, alert), panels);
    }

    /** Shown at the end of a dashboard; one that there isn't is refused when the catalogue is put together. */
    public Feature panel(String dashboardUid, Panel panel) {
        Map<String, List<Panel>> more = new TreeMap<>(panels);
        more.put(dashboardUid, plus(panels.getOrDefault(dashboardUid, List.of()), panel));
        return new Feature(metrics, thresholds, recordings, alerts, more);
    }

    private static <T> List<T> plus(List<T> some, T one) {
        List<T> more = new ArrayList<>(some);
        more.add(one);
        return List.copyOf(more);
    }
}
