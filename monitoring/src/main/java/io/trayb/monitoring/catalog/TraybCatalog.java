package io.trayb.monitoring.catalog;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All of Trayb's declarations, gathered. The running service and the generator both start here. */
public final class TraybCatalog {
    private TraybCatalog() {}

    /** With the thresholds that the code has. */
    public static Catalog withDefaults() {
        return with(Map.of());
    }

    /**
     * With some thresholds set otherwise.
     *
     * @param thresholds values by the threshold's name; those that aren't named keep their defaults
     * @throws IllegalArgumentException naming every unknown threshold and every value that isn't allowed
     */
    public static Catalog with(Map<String, Double> thresholds) {
        return new Catalog(
                metrics(),
                Thresholds.defaults(TraybThresholds.all()).with(thresholds),
                recordings(),
                alerts(),
                Inhibitions.all(),
                List.of(
                        OverviewDashboard.DASHBOARD,
                        ApiDashboard.DASHBOARD,
                        EventsDashboard.DASHBOARD,
                        JobsDashboard.DASHBOARD,
                        DependenciesDashboard.DASHBOARD,
                        RuntimeDashboard.DASHBOARD));
    }

    private static List<RecordingRule> recordings() {
        List<RecordingRule> all = new ArrayList<>(ApiObjectives.recordings());
        all.add(MonitoringAlerts.RULES_FINGERPRINT);
        return all;
    }

    private static List<Alert> alerts() {
        return Stream.of(
                        ApiAlerts.all(),
                        EventAlerts.all(),
                        JobAlerts.all(),
                        DependencyAlerts.all(),
                        RuntimeAlerts.all(),
                        MonitoringAlerts.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Every metric constant of these classes: what is declared can't be forgotten here. */
    private static List<Metric> metrics() {
        return DeclaredConstants.of(
                Metric.class,
                HttpMetrics.class,
                JobMetrics.class,
                WorkerMetrics.class,
                ScheduleMetrics.class,
                EventMetrics.class,
                DependencyMetrics.class,
                ServiceMetrics.class,
                ForeignMetrics.class,
                Scrape.class);
    }
}
