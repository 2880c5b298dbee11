package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Describing;
import java.util.ArrayList;
import java.util.List;

/** A description may only name what there is: a typing error in it must not reach whoever is paged. */
final class RenderedDescriptions implements Check {
    @Override
    public String name() {
        return "rendered-descriptions";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        for (Alert alert : catalog.alerts()) {
            try {
                Describing describing = new Describing(alert, catalog.thresholds());
                describing.forPrometheus();
                describing.limit();
            } catch (IllegalArgumentException e) {
                findings.add(
                        new Finding(name(), "alerts/" + alert.name() + "/description", String.valueOf(e.getMessage())));
            }
        }
        return findings;
    }
}
