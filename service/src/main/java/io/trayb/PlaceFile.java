package io.trayb;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code trayb.json} under the data directory, which tells programs where the service is. It is gone when the service is stopped;
 * one that a killed service left names a process that is gone.
 */
final class PlaceFile {
    private static final Logger LOGGER = LoggerFactory.getLogger(PlaceFile.class);

    private final Path file;
    private final ObjectMapper json;

    PlaceFile(Path dataDir, ObjectMapper json) {
        this.file = dataDir.resolve("trayb.json");
        this.json = json;
    }

    /** Writes what is to be told; whoever reads finds all of it or what was there before. */
    void write(Object place) {
        Path fresh = file.resolveSibling("trayb.json.new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(fresh, json.writeValueAsBytes(place));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("DATA_DIR can't be written: " + e.getMessage(), e);
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.warn("{} can't be removed; it names a process that has ended", file, e);
        }
    }
}
