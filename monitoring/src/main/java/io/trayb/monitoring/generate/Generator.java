package io.trayb.monitoring.generate;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.Header;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings the generated files below a root up to date, or says where they aren't. */
public final class Generator {
    /** Folders that hold nothing but generated files and what they need: what is left over there is found. */
    private static final List<String> FOLDERS = List.of("monitoring/prometheus", "grafana", "alertmanager");

    private final Path root;
    private final SortedMap<String, String> files;
    /** Null where only what is deployed is generated. */
    private final @Nullable Runbooks runbooks;

    /**
     * @param root the repository's root, an existing directory
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right
     */
    public Generator(Path root, Catalog catalog) {
        Artifacts artifacts = Artifacts.of(catalog);
        this.root = root;
        this.files = artifacts.files();
        this.runbooks = new Runbooks(root, catalog, artifacts);
    }

    private Generator(Path root, SortedMap<String, String> files, @Nullable Runbooks runbooks) {
        this.root = root;
        this.files = files;
        this.runbooks = runbooks;
    }

    /** The same with more files, by their path below the root. */
    public Generator with(Map<String, String> more) {
        SortedMap<String, String> all = new TreeMap<>(files);
        all.putAll(more);
        return new Generator(root, all, runbooks);
    }

    /**
     * A generator of what is deployed, without documents: the same files, below another root.
     *
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right
     */
    public static Generator ofDeployment(Path root, Catalog catalog) {
        SortedMap<String, String> deployed = new TreeMap<>(Artifacts.of(catalog).files());
        deployed.keySet().removeIf(path -> path.startsWith("docs/"));
        return new Generator(root, deployed, null);
    }

    /**
     * A generator of the rules for Kubernetes' Prometheus operator.
     *
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right
     */
    public static Generator ofKubernetes(Path root, Catalog catalog) {
        return new Generator(root, Artifacts.kubernetes(catalog), null);
    }

    /**
     * Writes what differs, and deletes what was generated once and isn't any more.
     *
     * @return the paths that it touched, in order
     */
    public List<String> write() throws IOException {
        requireRoot();
        List<String> touched = new ArrayList<>();
        for (var file : files.entrySet()) {
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
        if (runbooks != null) {
            touched.addAll(runbooks.write());
        }
        return List.copyOf(touched);
    }

    /** Everything below the root that isn't what the code says; empty when all of it is. Changes nothing. */
    public List<Difference> check() throws IOException {
        requireRoot();
        List<Difference> differences = new ArrayList<>();
        for (var file : files.entrySet()) {
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
        if (runbooks != null) {
            differences.addAll(runbooks.check());
        }
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
        List<String> folders = FOLDERS.stream()
                .filter(folder -> files.keySet().stream().anyMatch(path -> path.startsWith(folder + "/")))
                .toList();
        for (String folder : folders) {
            Path start = root.resolve(folder);
            if (Files.isDirectory(start)) {
                try (Stream<Path> walk = Files.walk(start)) {
                    for (Path file : walk.filter(Files::isRegularFile).toList()) {
                        String path = root.relativize(file).toString().replace('\\', '/');
                        if (!files.containsKey(path) && saysThatItIsGenerated(file)) {
                            leftOvers.add(path);
                        }
                    }
                }
            }
        }
        return leftOvers;
    }

    private static boolean saysThatItIsGenerated(Path file) throws IOException {
        try {
            return Files.readString(file).contains(Header.TEXT);
        } catch (CharacterCodingException e) {
            // No text, such as what a program keeps beside its configuration: nothing that was ever generated.
            return false;
        }
    }
}
