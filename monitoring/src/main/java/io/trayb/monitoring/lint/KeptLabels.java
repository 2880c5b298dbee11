package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A description may only name labels that the condition keeps: an aggregated one would be empty for whoever is paged. */
final class KeptLabels implements Check {
    private static final Pattern NAMED = Pattern.compile("\\{\\{labels\\.([a-z_]+)}}");
    /** Names the instance, and the process where there is one. */
    private static final String TARGET = "{{target}}";

    private static final String INSTANCE = "instance";

    @Override
    public String name() {
        return "kept-labels";
    }

    @Override
    public List<Finding> examine(Catalog catalog) {
        ResultLabels labels = new ResultLabels(catalog);
        List<Finding> findings = new ArrayList<>();
        for (Alert alert : catalog.alerts()) {
            Set<String> kept = labels.of(alert.condition());
            if (alert.description().contains(TARGET) && !kept.contains(INSTANCE)) {
                findings.add(lost(alert, INSTANCE, kept));
            }
            Matcher named = NAMED.matcher(alert.description());
            while (named.find()) {
                if (!kept.contains(named.group(1))) {
                    findings.add(lost(alert, named.group(1), kept));
                }
            }
        }
        return findings;
    }

    private Finding lost(Alert alert, String label, Set<String> kept) {
        return new Finding(
                name(),
                "alerts/" + alert.name() + "/description",
                "the condition loses the label '" + label + "'; it keeps " + kept);
    }
}
