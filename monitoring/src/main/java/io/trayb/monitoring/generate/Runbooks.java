package io.trayb.monitoring.generate;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.render.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The runbooks below a root: one for each alert and none without, whole, with the code's facts in them. */
final class Runbooks {
    static final String FOLDER = "docs/runbooks";

    /** Named like metrics, but the database's. */
    private static final Set<String> TABLES =
            Set.of("trayb_jobs", "trayb_finished_jobs", "trayb_queues", "trayb_processes");

    private final Path root;
    private final Catalog catalog;
    private final Artifacts artifacts;

    Runbooks(Path root, Catalog catalog, Artifacts artifacts) {
        this.root = root;
        this.catalog = catalog;
        this.artifacts = artifacts;
    }

    /** Brings the facts up to date; returns the paths that changed. What else is wrong is for a person, and for {@link #check}. */
    List<String> write() throws IOException {
        List<String> written = new ArrayList<>();
        for (var facts : artifacts.runbookFacts().entrySet()) {
            Path file = root.resolve(facts.getKey());
            if (Files.isRegularFile(file)) {
                String text = Files.readString(file);
                String updated = new Runbook(text).withFacts(facts.getValue()).orElse(text);
                if (!updated.equals(text)) {
                    Files.writeString(file, updated);
                    written.add(facts.getKey());
                }
            }
        }
        return written;
    }

    List<Difference> check() throws IOException {
        List<Difference> differences = new ArrayList<>();
        for (var facts : artifacts.runbookFacts().entrySet()) {
            check(facts.getKey(), facts.getValue(), differences);
        }
        for (String path : pages()) {
            if (!artifacts.runbookFacts().containsKey(path)) {
                differences.add(new Difference(path, "has no alert", "Delete it, or give it the name of an alert."));
            }
        }
        return differences;
    }

    private void check(String path, String facts, List<Difference> differences) throws IOException {
        Path file = root.resolve(path);
        if (!Files.isRegularFile(file)) {
            differences.add(new Difference(
                    path, "is missing", "Every alert has a runbook with the sections " + Runbook.SECTIONS + "."));
            return;
        }
        String text = Files.readString(file);
        Runbook runbook = new Runbook(text);
        List<String> refusals = new ArrayList<>(runbook.refusals());
        runbook.names().stream()
                .filter(name -> !TABLES.contains(name) && !isExported(name))
                .forEach(name -> refusals.add("nothing exports " + name));
        runbook.withFacts(facts)
                .ifPresentOrElse(
                        updated -> {
                            if (!updated.equals(text)) {
                                differences.add(new Difference(path, "differs", UnifiedDiff.of(path, text, updated)));
                            }
                        },
                        () -> refusals.add("it must have the lines " + Runbook.BEGIN + " and " + Runbook.END));
        refusals.forEach(refusal -> differences.add(new Difference(path, "isn't as it must be", refusal)));
    }

    /** A name that ends in an underscore stands for all that begin so, as in a {@code grep}. */
    private boolean isExported(String name) {
        return catalog.metrics().stream()
                .flatMap(metric -> Stream.concat(Stream.of(metric.name()), metric.sampleNames().stream()))
                .anyMatch(exported -> name.endsWith("_") ? exported.startsWith(name) : exported.equals(name));
    }

    private Set<String> pages() throws IOException {
        Path folder = root.resolve(FOLDER);
        Set<String> pages = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> FOLDER + "/" + file.getFileName())
                        .filter(path -> path.endsWith(".md") && !path.endsWith("/README.md"))
                        .forEach(pages::add);
            }
        }
        return pages;
    }
}
