package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Nothing may have the name of something else, in the text format or in OpenMetrics. */
final class UniqueNames implements Check {
    @Override
    public String name() {
        return "unique-names";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        twice("metrics", catalog.metrics().stream().flatMap(UniqueNames::names), findings);
        twice("alerts", catalog.alerts().stream().map(Alert::name), findings);
        twice("recordings", catalog.recordings().stream().map(RecordingRule::name), findings);
        twice("dashboards", catalog.dashboards().stream().map(Dashboard::uid), findings);
        catalog.dashboards()
                .forEach(dashboard -> twice(
                        "dashboards/" + dashboard.uid() + "/panels",
                        dashboard.panels().stream().map(Panel::title),
                        findings));
        return findings;
    }

    /** The family's name and those of its samples; a counter's family is called without {@code _total} in OpenMetrics. */
    private static Stream<String> names(Metric metric) {
        Set<String> names = new HashSet<>(metric.sampleNames());
        names.add(metric.name());
        if (metric instanceof Counter && metric.name().endsWith("_total")) {
            names.add(metric.name().substring(0, metric.name().length() - "_total".length()));
        }
        return names.stream();
    }

    private void twice(String path, Stream<String> names, List<Finding> findings) {
        Set<String> seen = new HashSet<>();
        names.filter(name -> !seen.add(name))
                .forEach(name -> findings.add(new Finding(name(), path + "/" + name, "the name is taken twice")));
    }
}
