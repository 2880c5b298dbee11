package io.trayb.monitoring.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.Repository;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.ProofRun;
import io.trayb.monitoring.threshold.Threshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes one thing after another and demands that it is noticed: in the rules by the generated proofs, in the catalogue by the
 * committed files. A sample of the rules' mutants in each run, all of them with {@code -Dtrayb.long=true}.
 */
class MutationTest {
    private static final boolean ALL = Boolean.getBoolean("trayb.long");
    /** One of so many; the offset changes with the day, so that in time each has its turn. */
    private static final int ONE_IN = 40;

    private static final int BATCH = 40;

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
        List<String> survivors = new ArrayList<>();
        List<String> equivalents = new ArrayList<>();
        for (int from = 0; from < chosen.size(); from += BATCH) {
            List<Mutant> batch = chosen.subList(from, Math.min(from + BATCH, chosen.size()));
            ProofRun run = new ProofRun(folder);
            Map<String, Mutant> byId = new LinkedHashMap<>();
            for (Mutant mutant : batch) {
                String id = "m" + (from + byId.size());
                byId.put(id, mutant);
                Set<String> concerned = alertsOn(mutant.rule());
                run.add(id, mutant.group(), ARTIFACTS, concerned::contains);
            }
            Set<String> noticed = run.failures().keySet();
            byId.forEach((id, mutant) -> {
                if (Equivalents.REASONS.containsKey(mutant.toString())) {
                    equivalents.add(mutant + " (" + Equivalents.REASONS.get(mutant.toString()) + ")");
                } else if (!noticed.contains(id)) {
                    survivors.add(mutant.toString());
                }
            });
        }
        chosen.forEach(mutant -> System.out.println("mutant " + mutant));
        System.out.printf(
                "%d of %d mutants of rules tried, %d equivalent, %d not noticed%n",
                chosen.size(), mutants.size(), equivalents.size(), survivors.size());
        assertThat(survivors).isEmpty();
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
        for (Threshold threshold : CATALOG.thresholds().all()) {
            double other = threshold.boundOf() == null
                    ? threshold.value() * 2
                    : threshold.boundOf().buckets().get(2);
            changed.put(threshold.name(), Math.min(other, threshold.unit() == Unit.SHARE ? 0.95 : Double.MAX_VALUE));
        }
        changed.forEach((name, value) -> {
            Artifacts other = Artifacts.of(TraybCatalog.with(Map.of(name, value)));
            assertThat(other.rules()).as(name).isNotEqualTo(ARTIFACTS.rules());
            assertThat(other.files().get("docs/alerts.md"))
                    .as(name)
                    .isNotEqualTo(ARTIFACTS.files().get("docs/alerts.md"));
            assertThat(other.fingerprint()).as(name).isNotEqualTo(ARTIFACTS.fingerprint());
        });
        System.out.println(changed.size() + " thresholds changed, each noticed");
    }

    @Test
    void every_change_of_a_panel_makes_its_dashboard_differ() {
        int count = 0;
        for (Dashboard dashboard : CATALOG.dashboards()) {
            for (int i = 0; i < dashboard.panels().size(); i++) {
                Panel panel = dashboard.panels().get(i);
                for (Panel changed : changesOf(panel)) {
                    List<Panel> panels = new ArrayList<>(dashboard.panels());
                    panels.set(i, changed);
                    assertThat(rendered(dashboard, panels))
                            .as(dashboard.uid() + "/" + panel.title())
                            .isNotEqualTo(ARTIFACTS.dashboards().get(dashboard.uid()));
                    count++;
                }
            }
        }
        System.out.println(count + " changes of panels, each noticed");
    }

    private static List<Panel> changesOf(Panel panel) {
        Unit unit = panel.unit() == Unit.BYTES ? Unit.SECONDS : Unit.BYTES;
        return List.of(
                new Panel(panel.title(), panel.kind(), unit, panel.description(), panel.queries(), panel.line()),
                new Panel("Other", panel.kind(), panel.unit(), panel.description(), panel.queries(), panel.line()),
                new Panel(panel.title(), panel.kind(), panel.unit(), "Other.", panel.queries(), panel.line()),
                panel.with("other", PromQl.constant(1)));
    }

    private static String rendered(Dashboard dashboard, List<Panel> panels) {
        Dashboard changed = new Dashboard(dashboard.uid(), dashboard.title(), dashboard.description(), panels);
        List<Dashboard> dashboards = new ArrayList<>(CATALOG.dashboards());
        dashboards.replaceAll(one -> one.uid().equals(dashboard.uid()) ? changed : one);
        return Artifacts.of(new Catalog(
                        CATALOG.metrics(),
                        CATALOG.thresholds(),
                        CATALOG.recordings(),
                        CATALOG.alerts(),
                        CATALOG.inhibitions(),
                        dashboards))
                .dashboards()
                .get(dashboard.uid());
    }

    @Test
    void a_changed_number_in_any_committed_file_is_noticed() throws IOException {
        for (String path : ARTIFACTS.files().keySet()) {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.copy(Repository.root().resolve(path), folder.resolve(path));
        }
        Files.createDirectories(folder.resolve("docs/runbooks"));
        try (Stream<Path> pages = Files.list(Repository.root().resolve("docs/runbooks"))) {
            for (Path page : pages.toList()) {
                Files.copy(page, folder.resolve("docs/runbooks").resolve(page.getFileName()));
            }
        }
        Generator generator = new Generator(folder, CATALOG);
        assertThat(generator.check()).isEmpty();
        List<String> paths = new ArrayList<>(ARTIFACTS.files().keySet());
        paths.addAll(ARTIFACTS.runbookFacts().keySet());
        for (String path : paths) {
            Path file = folder.resolve(path);
            String text = Files.readString(file);
            // The last thing that can be changed: what comes at the end of a file is forgotten most easily.
            int place = lastOf(text, path.endsWith(".md") ? text.indexOf("<!-- end of the facts -->") : text.length());
            Files.writeString(file, text.substring(0, place) + "x" + text.substring(place + 1));
            assertThat(generator.check())
                    .as(path)
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.path()).isEqualTo(path));
            Files.writeString(file, text);
        }
        System.out.println(paths.size() + " committed files changed, each noticed");
    }

    private static int lastOf(String text, int end) {
        int place = end < 0 ? text.length() - 1 : end - 1;
        while (!Character.isLetterOrDigit(text.charAt(place))) {
            place--;
        }
        return place;
    }
}
