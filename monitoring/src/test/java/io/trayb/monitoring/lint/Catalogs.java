package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.AlertBuilder;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.Case;
import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Small catalogues in which nothing is wrong but what a test makes wrong. */
final class Catalogs {
    static final Gauge OPEN = Gauge.ownShare("trayb_open", Unit.COUNT, "Open.");
    static final Threshold LIMIT = Threshold.of("limit", 10, Unit.COUNT, Timing.immediate(), "A reason.", "A source");
    static final Panel PANEL = Panel.overTime("Open", Unit.COUNT, "Open.").with("open", PromQl.total(OPEN));
    static final Dashboard DASHBOARD = new Dashboard("trayb-jobs", "Jobs", "Jobs.", List.of(PANEL));

    private Catalogs() {}

    /** An alert that is as it should be, still open to change. */
    static AlertBuilder alert() {
        return Alert.alert("TraybOpen")
                .in(Area.JOBS)
                .whenAbove(PromQl.total(OPEN), LIMIT)
                .severity(Severity.WARNING)
                .owner(Team.BACKEND)
                .summary("Too many are open.")
                .describes("{{value}} are open.")
                .proof(thresholds -> List.of(fires("fires"), quiet("stays quiet")));
    }

    static Case fires(String promise) {
        return new Case(promise, List.of(), Duration.ofMinutes(1), List.of(new Firing(Map.of(), 1)));
    }

    static Case quiet(String promise) {
        return new Case(promise, List.of(), Duration.ofMinutes(1), List.of());
    }

    static Catalog of(
            List<Metric> metrics, List<Threshold> thresholds, List<Alert> alerts, List<Dashboard> dashboards) {
        return new Catalog(metrics, Thresholds.defaults(thresholds), List.of(), alerts, List.of(), dashboards);
    }

    static Catalog of(Alert... alerts) {
        return of(List.of(OPEN), List.of(LIMIT), List.of(alerts), List.of(DASHBOARD));
    }
}
