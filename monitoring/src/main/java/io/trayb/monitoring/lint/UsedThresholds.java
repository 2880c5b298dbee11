package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Scalar;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.threshold.Threshold;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** A threshold that can be set must do something, and what an alert compares with must be one that can be set. */
final class UsedThresholds implements Check {
    @Override
    public String name() {
        return "used-thresholds";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        Set<Threshold> used = new HashSet<>();
        for (Expressions.At at : Expressions.ofRules(catalog)) {
            compared(at.expression()).forEach(threshold -> use(threshold, at.path(), catalog, used, findings));
        }
        for (Alert alert : catalog.alerts()) {
            Stream.of(alert.lasting())
                    .filter(Objects::nonNull)
                    .forEach(threshold -> use(threshold, "alerts/" + alert.name(), catalog, used, findings));
        }
        catalog.thresholds().all().stream()
                .filter(threshold -> threshold.use() == Threshold.Use.RULE && !used.contains(threshold))
                .forEach(threshold -> findings.add(
                        new Finding(name(), "thresholds/" + threshold.name(), "no rule compares with it")));
        return findings;
    }

    private void use(Threshold threshold, String path, Catalog catalog, Set<Threshold> used, List<Finding> findings) {
        used.add(threshold);
        if (!catalog.thresholds().contains(threshold)) {
            findings.add(new Finding(
                    name(),
                    path,
                    "it compares with '" + threshold.name() + "', which isn't among the catalogue's thresholds"));
        }
    }

    private static Stream<Threshold> compared(Vector expression) {
        return expression.everything().flatMap(expr -> {
            if (expr instanceof Scalar.Limit limit) {
                return Stream.of(limit.threshold());
            }
            return expr instanceof Vector.Selected selected
                    ? selected.matchers().stream().map(Matcher::bound).filter(Objects::nonNull)
                    : Stream.empty();
        });
    }
}
