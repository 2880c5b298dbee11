package io.trayb.monitoring;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tests find the repository's own files. */
public final class Repository {
    private Repository() {}

    /** The root: the module's directory, as Maven says it, is one below. */
    public static Path root() {
        Path module =
                Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
        Path root = module.getFileName().toString().equals("monitoring") ? module.getParent() : module;
        if (!Files.isDirectory(root.resolve("monitoring"))) {
            throw new AssertionError("the tests must run in the repository, not in " + module);
        }
        return root;
    }
}
