package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.promql.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Two sides of an operator that matches samples must have the same labels, or name those to match on: else nothing ever matches. */
final class MatchingLabels implements Check {
    @Override
    public String name() {
        return "matching-labels";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        ResultLabels labels = new ResultLabels(catalog);
        List<Finding> findings = new ArrayList<>();
        for (Expressions.At at : Expressions.of(catalog)) {
            at.expression().everything().forEach(expr -> {
                if (expr instanceof Vector.Combined combined
                        && combined.left() instanceof Vector left
                        && combined.right() instanceof Vector right
                        && !combined.joins()) {
                    examine(at.path(), combined, labels.of(left), labels.of(right), findings);
                }
            });
        }
        return findings;
    }

    private void examine(
            String path, Vector.Combined combined, Set<String> left, Set<String> right, List<Finding> findings) {
        List<String> on = combined.on();
        if (on == null && !left.equals(right)) {
            findings.add(new Finding(
                    name(), path, "it matches samples with the labels " + left + " to samples with " + right));
        } else if (on != null && !(left.containsAll(on) && right.containsAll(on))) {
            findings.add(new Finding(
                    name(), path, "it matches on " + on + ", but the sides have " + left + " and " + right));
        }
    }
}
