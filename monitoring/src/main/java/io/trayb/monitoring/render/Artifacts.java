package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.lint.Lint;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a catalogue is rendered to. Immutable; the same byte for byte for equal catalogues, on every machine.
 */
public final class Artifacts {
    private static final List<Renderer> RENDERERS = List.of(
            new RulesFile(),
            new RuleTestsFile(),
            new PrometheusFile(),
            new ThresholdsFile(),
            new DashboardFiles(),
            new ProvisioningFiles(),
            new AlertmanagerFiles(),
            new MetricDocs(),
            new AlertDocs());

    private final String fingerprint;
    private final SortedMap<String, String> files;
    private final SortedMap<String, String> runbookFacts;

    private Artifacts(String fingerprint, SortedMap<String, String> files, SortedMap<String, String> runbookFacts) {
        this.fingerprint = fingerprint;
        this.files = Collections.unmodifiableSortedMap(files);
        this.runbookFacts = Collections.unmodifiableSortedMap(runbookFacts);
    }

    /**
     * Renders a catalogue.
     *
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right, each with its path
     */
    public static Artifacts of(Catalog catalog) {
        Lint.require(catalog);
        SortedMap<String, String> files = new TreeMap<>();
        RENDERERS.forEach(renderer -> files.putAll(renderer.render(catalog)));
        String fingerprint = Fingerprint.of(RulesFile.text(catalog));
        files.replaceAll((path, content) -> content.replace(Catalog.FINGERPRINT, fingerprint));
        return new Artifacts(fingerprint, files, RunbookFacts.of(catalog));
    }

    /**
     * The rules for Kubernetes' Prometheus operator, by the path below the root.
     *
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right
     */
    public static SortedMap<String, String> kubernetes(Catalog catalog) {
        Lint.require(catalog);
        SortedMap<String, String> files = new TreeMap<>(new KubernetesRules().render(catalog));
        String fingerprint = Fingerprint.of(RulesFile.text(catalog));
        files.replaceAll((path, content) -> content.replace(Catalog.FINGERPRINT, fingerprint));
        return files;
    }

    /** Tells these rules from all others: twelve hexadecimal digits. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The generated files' content, by their path below the repository's root, with slashes. */
    public SortedMap<String, String> files() {
        return files;
    }

    /** What stands between the marks in each runbook, by the runbook's path. */
    public SortedMap<String, String> runbookFacts() {
        return runbookFacts;
    }

    /** {@code rules.yml} as Prometheus loads it. */
    public String rules() {
        return file(RulesFile.PATH);
    }

    /** {@code alertmanager.yml}. */
    public String routes() {
        return file(AlertmanagerFiles.CONFIG);
    }

    /** {@code thresholds.json}. */
    public String thresholds() {
        return file(ThresholdsFile.PATH);
    }

    /** The dashboards' JSON, by their uid. */
    public SortedMap<String, String> dashboards() {
        SortedMap<String, String> byUid = new TreeMap<>();
        files.forEach((path, content) -> {
            if (path.startsWith(DashboardFiles.FOLDER)) {
                byUid.put(path.substring(DashboardFiles.FOLDER.length(), path.length() - ".json".length()), content);
            }
        });
        return byUid;
    }

    private String file(String path) {
        String content = files.get(path);
        if (content == null) {
            throw new IllegalStateException(path + " must be among the generated files " + files.keySet());
        }
        return content;
    }
}
