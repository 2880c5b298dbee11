package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.promql.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A window shorter than four scrapes has too few samples to look at, and one missed scrape isn't an absence. */
final class SufficientWindows implements Check {
    private static final Duration LEAST_WINDOW = Scrape.INTERVAL.multipliedBy(4);
    private static final Duration LEAST_ABSENCE = Scrape.INTERVAL.multipliedBy(2);

    @Override
    public String name() {
        return "sufficient-windows";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        for (Expressions.At at : Expressions.ofRules(catalog)) {
            at.expression().everything().forEach(expr -> {
                if (expr instanceof Vector.OverWindow over) {
                    examine(at.path(), over.window(), findings);
                }
            });
        }
        for (Alert alert : catalog.alerts()) {
            boolean onAbsence = alert.condition().everything().anyMatch(Vector.Absent.class::isInstance);
            Duration hold = alert.hold(catalog.thresholds()).orElse(Duration.ZERO);
            if (onAbsence && hold.compareTo(LEAST_ABSENCE) < 0) {
                findings.add(new Finding(
                        name(),
                        "alerts/" + alert.name(),
                        "it fires on absence that lasts " + hold + ", but must wait for at least " + LEAST_ABSENCE));
            }
        }
        return findings;
    }

    private void examine(String path, Window window, List<Finding> findings) {
        if (window instanceof Window.Fixed fixed && fixed.length().compareTo(LEAST_WINDOW) >= 0) {
            return;
        }
        findings.add(new Finding(
                name(),
                path,
                "the window [" + window.text() + "] in a rule must be fixed and at least " + LEAST_WINDOW));
    }
}
