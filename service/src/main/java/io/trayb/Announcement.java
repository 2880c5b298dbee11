package io.trayb;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where the service is, once its ports are open: in the log for people, in {@code trayb.json} under the data directory
 * for programs.
 */
final class Announcement implements LifeCycle.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Announcement.class);

    private final PlaceFile file;

    /** What the file says. */
    record Place(long pid, int port, int adminPort) {}

    Announcement(Path dataDir, ObjectMapper json) {
        this.file = new PlaceFile(dataDir, json);
    }

    @Override
    public void lifeCycleStarted(LifeCycle event) {
        if (event instanceof Server server) {
            file.write(new Place(
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
            file.remove();
        }
    }
}
