package io.trayb.monitoring.generate;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Brings the generated files below a root up to date, or says where they aren't. */
public final class Generator {
    /** Folders that hold nothing but generated files and what they need: what is left over there is found. */
    private static final List<String> FOLDERS = List.of("monitoring/prometheus", "grafana", "alertmanager");

    private final Path root;
    private final Artifacts artifacts;
    private final Runbooks runbooks;

    /**
     * @param root the repository's root, an existing directory
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right
     */
    public Generator(Path root, Catalog catalog) {
        this.root = root;
        this.artifacts = Artifacts.of(catalog);
        this.runbooks = new Runbooks(root, catalog, artifacts);
    }

    /**
     * Writes what differs, and deletes what was generated once and isn't any more.
     *
     * @return the paths that it touched, in order
     */
    public List<String> write() throws IOException {
        requireRoot();
        List<String> touched = new ArrayList<>();
        for (var file : artifacts.files().entrySet()) {
            Path path = root.resolve(file.getKey());
            if (!Files.isRegularFile(path) || !Files.readString(path).equals(file.getValue())) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
                touched.add(file.getKey());
            }
        }
        for (String leftOver : leftOvers()) {
            Files.delete(root.resolve(leftOver));
            touched.add(leftOver);
        }
        touched.addAll(runbooks.write());
        return List.copyOf(touched);
    }

    /** Everything below the root that isn't what the code says; empty when all of it is. Changes nothing. */
    public List<Difference> check() throws IOException {
        requireRoot();
        List<Difference> differences = new ArrayList<>();
        for (var file : artifacts.files().entrySet()) {
            Path path = root.resolve(file.getKey());
            if (!Files.isRegularFile(path)) {
                differences.add(new Difference(file.getKey(), "is missing", ""));
            } else {
                String onDisk = Files.readString(path);
                if (!onDisk.equals(file.getValue())) {
                    differences.add(new Difference(
                            file.getKey(), "differs", UnifiedDiff.of(file.getKey(), onDisk, file.getValue())));
                }
            }
        }
        leftOvers().forEach(path -> differences.add(new Difference(path, "isn't generated any more", "")));
        differences.addAll(runbooks.check());
        return List.copyOf(differences);
    }

    private void requireRoot() throws NotDirectoryException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root + " (the root of the generated files must be an existing directory)");
        }
    }

    /** Files that say that they are generated, where nothing generates them. */
    private Set<String> leftOvers() throws IOException {
        Set<String> leftOvers = new TreeSet<>();
        for (String folder : FOLDERS) {
            Path start = root.resolve(folder);
            if (Files.isDirectory(start)) {
                try (Stream<Path> files = Files.walk(start)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        String path = root.relativize(file).toString().replace('\\', '/');
                        if (!artifacts.files().containsKey(path)
                                && Files.readString(file).contains(Header.TEXT)) {
                            leftOvers.add(path);
                        }
                    }
                }
            }
        }
        return leftOvers;
    }
}
