package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.dashboard.Dashboard;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** An alert sends its reader to a dashboard that exists. */
final class KnownDashboards implements Check {
    @Override
    public String name() {
        return "known-dashboards";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        Set<String> uids = catalog.dashboards().stream().map(Dashboard::uid).collect(Collectors.toSet());
        return catalog.alerts().stream()
                .filter(alert -> !uids.contains(alert.area().dashboardUid()))
                .map(alert -> new Finding(
                        name(),
                        "alerts/" + alert.name(),
                        "its area sends readers to the dashboard '"
                                + alert.area().dashboardUid() + "'; there are " + uids))
                .toList();
    }
}
