package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import java.util.List;
import java.util.stream.Collectors;

/** Examines a catalogue with every check there is. */
public final class Lint {
    private static final List<Check> CHECKS = List.of(
            new UniqueNames(),
            new DeclaredSeries(),
            new UsedThresholds(),
            new RenderedDescriptions(),
            new KeptLabels(),
            new MatchingLabels(),
            new PossibleComparisons(),
            new SufficientWindows(),
            new CompleteProofs(),
            new PanelsWithQueries(),
            new KnownDashboards());

    private Lint() {}

    /** The names of all checks, under which they are documented. */
    static List<String> names() {
        return CHECKS.stream().map(Check::name).toList();
    }

    /** Everything that is wrong, in the order of its path; empty when nothing is. */
    public static List<Finding> examine(Catalog catalog) {
        return CHECKS.stream()
                .flatMap(check -> check.examine(catalog).stream())
                .sorted()
                .toList();
    }

    /**
     * Refuses a catalogue in which anything is wrong.
     *
     * @throws IllegalArgumentException naming every finding, one a line
     */
    public static void require(Catalog catalog) {
        List<Finding> findings = examine(catalog);
        if (!findings.isEmpty()) {
            throw new IllegalArgumentException(findings.stream()
                    .map(Finding::toString)
                    .collect(Collectors.joining("\n  ", "the catalogue can't be right:\n  ", "")));
        }
    }
}
