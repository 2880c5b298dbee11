package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.alert.Describing;
import io.trayb.monitoring.setup.Alerting;
import java.util.List;

/** What an alert says to its reader; the same in the rules and in what their tests expect. */
record Annotations(String summary, String description, String runbookUrl, String dashboardUrl) {

    /** With what Prometheus fills in. */
    static Annotations forPrometheus(Alert alert, Catalog catalog) {
        return of(alert, catalog.alerting(), new Describing(alert, catalog.thresholds()).forPrometheus());
    }

    /** Filled in, as they arrive. */
    static Annotations whenFiring(Alert alert, Firing firing, Catalog catalog) {
        return of(
                alert,
                catalog.alerting(),
                new Describing(alert, catalog.thresholds()).whenFiring(firing.value(), firing.labels()));
    }

    private static Annotations of(Alert alert, Alerting alerting, String description) {
        return new Annotations(
                alert.summary(),
                description,
                alerting.runbookUrl() + alert.runbook(),
                alerting.grafanaUrl() + "/d/" + alert.area().dashboardUid());
    }

    /** In the order in which they are read. */
    List<Pair> pairs() {
        return List.of(
                new Pair("summary", Json.quoted(summary)),
                new Pair("description", Json.quoted(description)),
                new Pair("runbook_url", Json.quoted(runbookUrl)),
                new Pair("dashboard_url", Json.quoted(dashboardUrl)));
    }
}
