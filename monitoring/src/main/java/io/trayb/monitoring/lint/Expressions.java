package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.promql.Vector;
import java.util.ArrayList;
import java.util.List;

/** Every expression of a catalogue, with its path. */
final class Expressions {
    private Expressions() {}

    /** An expression and where it stands. */
    record At(String path, Vector expression) {}

    static List<At> of(Catalog catalog) {
        List<At> all = new ArrayList<>(ofRules(catalog));
        catalog.dashboards()
                .forEach(dashboard -> dashboard
                        .panels()
                        .forEach(panel -> panel.queries()
                                .forEach(query -> all.add(new At(
                                        "dashboards/" + dashboard.uid() + "/" + panel.title() + "/" + query.legend(),
                                        query.expression())))));
        return all;
    }

    static List<At> ofRules(Catalog catalog) {
        List<At> all = new ArrayList<>();
        catalog.recordings().forEach(rule -> all.add(new At("recordings/" + rule.name(), rule.expression())));
        catalog.alerts().forEach(alert -> all.add(new At("alerts/" + alert.name() + "/condition", alert.condition())));
        return all;
    }
}
