package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.promql.Printer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The part of each runbook that has numbers in it: a runbook is written by hand, its numbers never are. */
final class RunbookFacts {
    private static final Template TEMPLATE = Template.named("runbook-facts.md.mustache");

    private RunbookFacts() {}

    /** The facts of each alert, by the path of its runbook. */
    static SortedMap<String, String> of(Catalog catalog) {
        Printer printer = Printer.forRules(catalog.thresholds());
        SortedMap<String, String> facts = new TreeMap<>();
        for (Alert alert : catalog.alerts()) {
            facts.put(
                    alert.runbook(),
                    TEMPLATE.fill(Map.of(
                            "summary", alert.summary(),
                            "limit", Wording.limit(alert, catalog.thresholds()),
                            "severity", alert.severity().label(),
                            "owner", alert.owner().label(),
                            "dashboard", alert.area().dashboardUid(),
                            "condition", printer.print(alert.condition()))));
        }
        return facts;
    }
}
