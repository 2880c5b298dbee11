package io.trayb.monitoring.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.ProofRun;
import io.trayb.monitoring.threshold.Threshold;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes one thing after another in the rules and demands that the generated proofs notice, and each threshold, which must show
 * in the committed files. A sample of the rules' mutants in each run, all of them with {@code -Dtrayb.long=true}.
 */
class MutationTest {
    private static final boolean ALL = Boolean.getBoolean("trayb.long");
    /** One of so many; the offset changes with the day, so that in time each has its turn. */
    private static final int ONE_IN = 40;

    private static final int BATCH = 20;
    private static final int FIRST_CASES = 3;
    /** More than any alert has. */
    private static final int MOST_CASES = 100;

    private static final Catalog CATALOG = TraybCatalog.withDefaults();
    private static final Artifacts ARTIFACTS = Artifacts.of(CATALOG);

    @TempDir
    private Path folder;

    @Test
    void every_change_of_a_rule_is_noticed_by_the_proofs() {
        List<Mutant> mutants = Mutator.mutants(ARTIFACTS.rules());
        assertThat(mutants).doesNotHaveDuplicates().hasSizeGreaterThan(300);
        Set<String> names = new HashSet<>(mutants.stream().map(Mutant::toString).toList());
        assertThat(names)
                .as("an equivalent mutant that is listed must exist")
                .containsAll(Equivalents.REASONS.keySet());
        List<Mutant> chosen = chosen(mutants);
        Set<String> noticed = noticed(chosen);
        List<String> survivors = new ArrayList<>();
        List<String> equivalents = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            String name = chosen.get(i).toString();
            if (Equivalents.REASONS.containsKey(name)) {
                equivalents.add(name + " (" + Equivalents.REASONS.get(name) + ")");
            } else if (!noticed.contains(id(i))) {
                survivors.add(name);
            }
        }
        chosen.forEach(mutant -> System.out.println("mutant of rules: " + mutant));
        System.out.printf(
                "%d of %d mutants of rules tried, %d equivalent, %d not noticed%n",
                chosen.size(), mutants.size(), equivalents.size(), survivors.size());
        equivalents.forEach(name -> System.out.println("equivalent mutant of rules: " + name));
        assertThat(survivors).isEmpty();
    }

    /**
     * The mutants that some proof fails on, by their id. An alert's first cases find most of them, so that only what is left
     * meets the next ones: a budget's proof has dozens.
     */
    private Set<String> noticed(List<Mutant> mutants) {
        Map<String, Mutant> left = new LinkedHashMap<>();
        for (int i = 0; i < mutants.size(); i++) {
            left.put(id(i), mutants.get(i));
        }
        Set<String> noticed = new HashSet<>();
        for (int from = 0, count = FIRST_CASES; !left.isEmpty(); from += count, count *= 2) {
            Set<String> failing = failing(left, from, from + count);
            left.keySet().removeAll(failing);
            noticed.addAll(failing);
            System.out.printf("after cases %d to %d: %d mutants of rules left%n", from + 1, from + count, left.size());
            if (from > MOST_CASES) {
                left.clear();
            }
        }
        return noticed;
    }

    /** Two at a time: promtool itself takes one file after another. */
    private Set<String> failing(Map<String, Mutant> mutants, int from, int to) {
        ExecutorService pair = Executors.newFixedThreadPool(2);
        try {
            List<String> ids = new ArrayList<>(mutants.keySet());
            List<CompletableFuture<Set<String>>> runs = new ArrayList<>();
            for (int begin = 0; begin < ids.size(); begin += BATCH) {
                List<String> batch = ids.subList(begin, Math.min(begin + BATCH, ids.size()));
                runs.add(CompletableFuture.supplyAsync(() -> failing(batch, mutants, from, to), pair));
            }
            Set<String> failing = new HashSet<>();
            runs.forEach(run -> failing.addAll(run.join()));
            return failing;
        } finally {
            pair.shutdownNow();
        }
    }

    private Set<String> failing(List<String> ids, Map<String, Mutant> mutants, int from, int to) {
        ProofRun run = new ProofRun(folder);
        boolean any = false;
        for (String id : ids) {
            Mutant mutant = mutants.get(id);
            any |= run.add(id, mutant.group(), ARTIFACTS, alertsOn(mutant.rule())::contains, from, to);
        }
        return any ? run.failures().keySet() : Set.of();
    }

    private static String id(int index) {
        return "m" + index;
    }

    private static List<Mutant> chosen(List<Mutant> mutants) {
        if (ALL) {
            return mutants;
        }
        long today = System.currentTimeMillis() / 86_400_000;
        List<Mutant> some = new ArrayList<>();
        for (int i = 0; i < mutants.size(); i++) {
            if (i % ONE_IN == today % ONE_IN && !looksBackFar(mutants.get(i))) {
                some.add(mutants.get(i));
            }
        }
        return some;
    }

    /** Over hours or days: their proofs take seconds each. */
    private static boolean looksBackFar(Mutant mutant) {
        return alertsOn(mutant.rule()).stream().anyMatch(alert -> alert.contains("Budget"));
    }

    /** The alerts whose proofs a rule takes part in: itself, or those that ask for what it records, if only through others. */
    private static Set<String> alertsOn(String rule) {
        Set<String> rules = new HashSet<>(Set.of(rule));
        boolean more = true;
        while (more) {
            more = CATALOG.recordings().stream()
                    .filter(recording -> asksFor(recording.expression(), rules))
                    .map(recording -> rules.add(recording.name()))
                    .reduce(false, Boolean::logicalOr);
        }
        Set<String> alerts = new HashSet<>();
        for (Alert alert : CATALOG.alerts()) {
            if (alert.name().equals(rule) || asksFor(alert.condition(), rules)) {
                alerts.add(alert.name());
            }
        }
        // Where a rule serves what looks back over hours as well, the proofs that take longer would tell nothing more.
        Set<String> quick = new HashSet<>(alerts);
        quick.removeIf(alert -> alert.endsWith("Slowly"));
        return quick.isEmpty() ? alerts : quick;
    }

    private static boolean asksFor(Vector expression, Set<String> names) {
        return expression
                .everything()
                .anyMatch(expr -> expr instanceof Vector.Selected selected
                        && names.contains(selected.series().name()));
    }

    @Test
    void every_change_of_a_threshold_makes_the_committed_files_differ() {
        Map<String, Double> changed = new TreeMap<>();
        Set<String> byRule = CATALOG.thresholds().all().stream()
                .filter(threshold -> threshold.use() == Threshold.Use.RULE)
                .map(Threshold::name)
                .collect(Collectors.toSet());
        for (Threshold threshold : CATALOG.thresholds().all()) {
            double other = threshold.boundOf() == null
                    ? threshold.value() * 2
                    : threshold.boundOf().buckets().get(2);
            changed.put(threshold.name(), Math.min(other, threshold.unit() == Unit.SHARE ? 0.95 : Double.MAX_VALUE));
        }
        changed.forEach((name, value) -> {
            Artifacts other = Artifacts.of(TraybCatalog.with(Map.of(name, value)));
            for (String file : List.of("docs/alerts.md", "monitoring/thresholds.json")) {
                assertThat(other.files().get(file))
                        .as(name)
                        .isNotEqualTo(ARTIFACTS.files().get(file));
            }
            // What the service itself acts on is in no rule.
            if (byRule.contains(name)) {
                assertThat(other.rules()).as(name).isNotEqualTo(ARTIFACTS.rules());
                assertThat(other.fingerprint()).as(name).isNotEqualTo(ARTIFACTS.fingerprint());
            }
        });
        System.out.println(changed.size() + " thresholds changed, each noticed");
    }
}
