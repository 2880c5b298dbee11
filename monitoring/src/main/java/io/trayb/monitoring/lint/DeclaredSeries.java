package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.promql.Series;
import io.trayb.monitoring.promql.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** An expression may only ask for metrics that the catalogue holds, labels that they have, and rules that are recorded. */
final class DeclaredSeries implements Check {
    /** Put on every sample by Prometheus. */
    private static final Set<String> TARGET_LABELS = Set.of("job", "instance");

    @Override
    public String name() {
        return "declared-series";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        Set<String> recorded =
                catalog.recordings().stream().map(RecordingRule::name).collect(Collectors.toSet());
        List<Finding> findings = new ArrayList<>();
        for (Expressions.At at : Expressions.of(catalog)) {
            at.expression().everything().forEach(expr -> {
                if (expr instanceof Vector.Selected selected) {
                    examine(selected, at.path(), catalog, recorded, findings);
                }
            });
        }
        return findings;
    }

    private void examine(
            Vector.Selected selected, String path, Catalog catalog, Set<String> recorded, List<Finding> findings) {
        Series series = selected.series();
        boolean known = series.metric() == null
                ? recorded.contains(series.name())
                : catalog.metrics().contains(series.metric());
        if (!known) {
            findings.add(new Finding(name(), path, "nothing in the catalogue exports or records " + series.name()));
        }
        if (series.metric() == null) {
            return;
        }
        selected.matchers().stream()
                .filter(matcher -> !TARGET_LABELS.contains(matcher.label()))
                .filter(matcher -> !(series.metric() instanceof Histogram
                        && matcher.label().equals("le")))
                .filter(matcher -> !series.metric().labelNames().contains(matcher.label()))
                .forEach(matcher -> findings.add(new Finding(
                        name(),
                        path,
                        series.name() + " has no label '" + matcher.label() + "'; it has "
                                + series.metric().labelNames())));
    }
}
