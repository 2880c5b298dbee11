package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.promql.Expr;
import io.trayb.monitoring.promql.Vector;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Works out which labels the samples have that an expression yields. */
final class ResultLabels {
    private static final Set<String> OF_TARGETS = Set.of("job", "instance");

    private final Catalog catalog;

    ResultLabels(Catalog catalog) {
        this.catalog = catalog;
    }

    Set<String> of(Expr expr) {
        if (expr instanceof Vector.Selected selected) {
            return of(selected);
        }
        if (expr instanceof Vector.OverWindow over) {
            return of(over.samples());
        }
        if (expr instanceof Vector.Aggregated aggregated) {
            return new TreeSet<>(aggregated.by());
        }
        if (expr instanceof Vector.Quantile quantile) {
            Set<String> labels = new TreeSet<>(of(quantile.buckets()));
            labels.remove("le");
            return labels;
        }
        if (expr instanceof Vector.Absent absent) {
            // Of all that could be there, only what a matcher names exactly is known.
            return absent.samples().matchers().stream()
                    .filter(matcher -> matcher.operator().equals("="))
                    .map(matcher -> matcher.label())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        return expr instanceof Vector.Combined combined ? of(combined) : Set.of();
    }

    private Set<String> of(Vector.Selected selected) {
        Set<String> labels = new TreeSet<>();
        if (selected.series().metric() != null) {
            labels.addAll(selected.series().metric().labelNames());
            labels.addAll(OF_TARGETS);
            if (selected.series().name().endsWith("_bucket")) {
                labels.add("le");
            }
            return labels;
        }
        for (RecordingRule rule : catalog.recordings()) {
            if (rule.name().equals(selected.series().name())) {
                labels.addAll(of(rule.expression()));
                labels.addAll(rule.labels().keySet());
            }
        }
        return labels;
    }

    private Set<String> of(Vector.Combined combined) {
        if (!(combined.left() instanceof Vector)) {
            return of(combined.right());
        }
        if (!(combined.right() instanceof Vector)) {
            return of(combined.left());
        }
        if (combined.joins()) {
            Set<String> both = new TreeSet<>(of(combined.left()));
            both.retainAll(of(combined.right()));
            return both;
        }
        return combined.on() == null || combined.isOnSets() ? of(combined.left()) : new TreeSet<>(combined.on());
    }
}
