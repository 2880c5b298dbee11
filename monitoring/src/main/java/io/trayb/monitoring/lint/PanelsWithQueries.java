package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.threshold.Threshold;
import java.util.ArrayList;
import java.util.List;

/** A panel shows something, and draws only lines that the catalogue has. */
final class PanelsWithQueries implements Check {
    @Override
    public String name() {
        return "panels-with-queries";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        catalog.dashboards()
                .forEach(dashboard -> dashboard.panels().forEach(panel -> {
                    String path = "dashboards/" + dashboard.uid() + "/" + panel.title();
                    if (panel.queries().isEmpty()) {
                        findings.add(new Finding(name(), path, "the panel asks for nothing"));
                    }
                    Threshold line = panel.line();
                    if (line != null && !catalog.thresholds().contains(line)) {
                        findings.add(new Finding(
                                name(), path, "its line '" + line.name() + "' isn't among the catalogue's thresholds"));
                    }
                }));
        return findings;
    }
}
