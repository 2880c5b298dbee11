package io.trayb.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A data directory for a test, whose engines' programs are unpacked once for all of them. */
public final class TestDataDir {
    private TestDataDir() {}

    /** Makes one below a temporary directory. */
    public static Path in(Path temporary) {
        try {
            Path shared = Files.createDirectories(Path.of("target", "engines").toAbsolutePath());
            Path dataDir = Files.createDirectories(temporary.resolve("data"));
            Files.createSymbolicLink(dataDir.resolve("engines"), shared);
            return dataDir;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
