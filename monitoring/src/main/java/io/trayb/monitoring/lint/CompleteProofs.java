package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Case;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A proof must show the alert firing and, unless it always fires, keeping quiet; no promise is made twice. */
final class CompleteProofs implements Check {
    @Override
    public String name() {
        return "complete-proofs";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        List<Finding> findings = new ArrayList<>();
        for (Alert alert : catalog.alerts()) {
            List<Case> cases = alert.proof().cases(catalog.thresholds());
            String path = "alerts/" + alert.name() + "/proof";
            if (cases.stream().allMatch(proven -> proven.firing().isEmpty())) {
                findings.add(new Finding(name(), path, "no case shows that it fires"));
            }
            if (!alert.alwaysFires()
                    && cases.stream().noneMatch(proven -> proven.firing().isEmpty())) {
                findings.add(new Finding(name(), path, "no case shows that it stays quiet"));
            }
            Set<String> promises = new HashSet<>();
            cases.stream()
                    .map(Case::promise)
                    .filter(promise -> !promises.add(promise))
                    .forEach(promise ->
                            findings.add(new Finding(name(), path, "two cases promise the same: " + promise)));
        }
        return findings;
    }
}
