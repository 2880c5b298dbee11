package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.promql.Scalar;
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
        for (Alert alert : catalog.alerts()) {
            thresholds(alert).forEach(threshold -> {
                used.add(threshold);
                if (!catalog.thresholds().contains(threshold)) {
                    findings.add(new Finding(
                            name(),
                            "alerts/" + alert.name(),
                            "it compares with '" + threshold.name()
                                    + "', which isn't among the catalogue's thresholds"));
                }
            });
        }
        catalog.thresholds().all().stream()
                .filter(threshold -> !used.contains(threshold))
                .forEach(threshold -> findings.add(
                        new Finding(name(), "thresholds/" + threshold.name(), "no alert compares with it")));
        return findings;
    }

    private static Stream<Threshold> thresholds(Alert alert) {
        Stream<Threshold> compared = alert.condition()
                .everything()
                .filter(Scalar.Limit.class::isInstance)
                .map(expr -> ((Scalar.Limit) expr).threshold());
        return Stream.concat(compared, Stream.of(alert.lasting()).filter(Objects::nonNull));
    }
}
