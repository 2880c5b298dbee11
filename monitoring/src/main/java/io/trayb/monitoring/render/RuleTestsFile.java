package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Case;
import io.trayb.monitoring.alert.Pace;
import io.trayb.monitoring.promql.PromDuration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The proofs of all alerts, for promtool. */
final class RuleTestsFile implements Renderer {
    static final String FOLDER = "monitoring/prometheus/";
    static final String PATH = FOLDER + Pace.SCRAPES.file();

    private static final Template TEMPLATE = Template.named("rules.test.yml.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        Map<Pace, List<Test>> tests = new EnumMap<>(Pace.class);
        for (Alert alert : catalog.alerts()) {
            for (Case proven : alert.proof().cases(catalog.thresholds())) {
                tests.computeIfAbsent(proven.pace(), any -> new ArrayList<>()).add(test(alert, proven, catalog));
            }
        }
        Map<String, String> files = new TreeMap<>();
        tests.forEach((pace, ofPace) -> files.put(FOLDER + pace.file(), file(pace, ofPace)));
        return files;
    }

    private static String file(Pace pace, List<Test> tests) {
        return TEMPLATE.fill(Map.of(
                "header", Header.TEXT,
                "file", pace.file(),
                "interval", PromDuration.of(pace.sample()),
                "evaluation", PromDuration.of(pace.evaluation()),
                "tests", tests));
    }

    private static Test test(Alert alert, Case proven, Catalog catalog) {
        List<Pair> series = proven.series().stream()
                .map(input -> new Pair(Json.quoted(input.selector()), Json.quoted(input.values())))
                .toList();
        List<Firing> firings = proven.firing().stream()
                .map(firing -> new Firing(
                        labels(alert, firing),
                        Annotations.whenFiring(alert, firing, catalog).pairs()))
                .toList();
        return new Test(
                Json.quoted(alert.name() + " " + proven.promise()),
                alert.name(),
                PromDuration.of(proven.at()),
                series,
                !series.isEmpty(),
                firings,
                !firings.isEmpty());
    }

    private static List<Pair> labels(Alert alert, Case.Firing firing) {
        Map<String, String> labels = new TreeMap<>(firing.labels());
        labels.put("severity", alert.severity().label());
        labels.put("owner", alert.owner().label());
        return labels.entrySet().stream()
                .map(label -> new Pair(label.getKey(), Json.quoted(label.getValue())))
                .toList();
    }

    private record Test(
            String name,
            String alert,
            String at,
            List<Pair> series,
            boolean fed,
            List<Firing> firings,
            boolean fires) {}

    private record Firing(List<Pair> labels, List<Pair> annotations) {}
}
