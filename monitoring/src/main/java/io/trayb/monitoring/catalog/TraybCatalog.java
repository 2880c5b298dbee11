package io.trayb.monitoring.catalog;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.Feature;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Setup;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All of Trayb's declarations, gathered. The running service and the generator both start here. */
public final class TraybCatalog {
    /** Each in a file of its own; docs/how-to-add-an-alert.md shows how to write one. */
    private static final List<Feature> FEATURES =
            List.of(HeapPressure.FEATURE, LoadShedding.FEATURE, PgBouncerMetrics.FEATURE, RefusedRequests.FEATURE);

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
        return in(new Setup(thresholds, Alerting.NOBODY));
    }

    /**
     * As one place is set up.
     *
     * @throws IllegalArgumentException naming every unknown threshold and every value that isn't allowed
     */
    public static Catalog in(Setup setup) {
        return in(setup, FEATURES);
    }

    /** With these features beside what is declared by kind. */
    static Catalog in(Setup setup, List<Feature> features) {
        return new Catalog(
                with(metrics(), features, Feature::metrics),
                Thresholds.defaults(with(TraybThresholds.all(), features, Feature::thresholds))
                        .with(setup.thresholds()),
                with(recordings(), features, Feature::recordings),
                with(alerts(), features, Feature::alerts),
                Inhibitions.all(),
                dashboards(features),
                setup.alerting());
    }

    private static <T> List<T> with(List<T> some, List<Feature> features, Function<Feature, List<T>> more) {
        return Stream.concat(some.stream(), features.stream().map(more).flatMap(List::stream))
                .toList();
    }

    private static List<Dashboard> dashboards(List<Feature> features) {
        List<Dashboard> dashboards = List.of(
                OverviewDashboard.DASHBOARD,
                ApiDashboard.DASHBOARD,
                EventsDashboard.DASHBOARD,
                JobsDashboard.DASHBOARD,
                DependenciesDashboard.DASHBOARD,
                RuntimeDashboard.DASHBOARD);
        Set<String> known = dashboards.stream().map(Dashboard::uid).collect(Collectors.toSet());
        features.stream()
                .flatMap(feature -> feature.panels().keySet().stream())
                .filter(uid -> !known.contains(uid))
                .findFirst()
                .ifPresent(uid -> {
                    throw new IllegalArgumentException(
                            "a feature's panel is for the dashboard '" + uid + "', but there are " + known);
                });
        return dashboards.stream()
                .map(dashboard -> new Dashboard(
                        dashboard.uid(),
                        dashboard.title(),
                        dashboard.description(),
                        with(
                                dashboard.panels(),
                                features,
                                feature -> feature.panels().getOrDefault(dashboard.uid(), List.of()))))
                .toList();
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
