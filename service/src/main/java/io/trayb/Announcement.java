package io.trayb;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where the service is, once its ports are open: in the log for people, in {@code trayb.json} under the data directory
 * for programs. The file is gone when the service is stopped; one that a killed service left names a process that is gone.
 */
final class Announcement implements LifeCycle.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Announcement.class);

    private final Path file;
    private final ObjectMapper json;

    /** What the file says. */
    record Place(long pid, int port, int adminPort) {}

    Announcement(Path dataDir, ObjectMapper json) {
        this.file = dataDir.resolve("trayb.json");
        this.json = json;
    }

    @Override
    public void lifeCycleStarted(LifeCycle event) {
        if (event instanceof Server server) {
            write(new Place(
                    ProcessHandle.current().pid(),
                    BoundAddress.port(server, BoundAddress.APPLICATION),
                    BoundAddress.port(server, BoundAddress.ADMIN)));
            LOGGER.info(
                    "API:           {}/ (jobs under /api/v1/jobs)", BoundAddress.of(server, BoundAddress.APPLICATION));
            LOGGER.info("For operators: {}/ (/metrics, /readyz)", BoundAddress.of(server, BoundAddress.ADMIN));
        }
    }

    @Override
    public void lifeCycleStopped(LifeCycle event) {
        if (event instanceof Server) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOGGER.warn("{} can't be removed; it names a process that has ended", file, e);
            }
        }
    }

    private void write(Place place) {
        Path fresh = file.resolveSibling("trayb.json.new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(fresh, json.writeValueAsBytes(place));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("DATA_DIR can't be written: " + e.getMessage(), e);
        }
    }
}
