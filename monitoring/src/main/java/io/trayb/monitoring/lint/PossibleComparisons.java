package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Scalar;
import java.util.ArrayList;
import java.util.List;

/** A share is never above the whole: a rule that waits for one that is would never fire. */
final class PossibleComparisons implements Check {
    @Override
    public String name() {
        return "possible-comparisons";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        for (Expressions.At at : Expressions.ofRules(catalog)) {
            at.expression().everything().forEach(expr -> {
                if (expr instanceof Scalar.Multiple multiple) {
                    examine(at.path(), multiple.factor(), multiple.limit(), catalog, findings);
                } else if (expr instanceof Scalar.Limit limit) {
                    examine(at.path(), 1, limit, catalog, findings);
                }
            });
        }
        return findings.stream().distinct().toList();
    }

    private void examine(String path, double factor, Scalar.Limit limit, Catalog catalog, List<Finding> findings) {
        double value = factor * catalog.thresholds().value(limit.threshold());
        if (limit.threshold().unit() == Unit.SHARE && value >= 1) {
            findings.add(new Finding(
                    name(),
                    path,
                    "no share is above " + value + ", which is " + factor + " times '"
                            + limit.threshold().name() + "'"));
        }
    }
}
