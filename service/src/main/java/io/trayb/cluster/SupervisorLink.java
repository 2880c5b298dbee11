package io.trayb.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service process's end of the pipe from its supervisor: first its assignment, then orders, and at last its end, by which a
 * process notices that the supervisor is gone, however that came about.
 *
 * <p>Owns the daemon thread {@code trayb-supervisor}, from {@link #follow} on, which sleeps in the pipe and ends with the process.
 */
public final class SupervisorLink {
    /** Leave the shared ports to the others, then end. */
    static final String LEAVE = "leave";

    /**
     * From leaving the ports until streams are ended. A connection that was taken at the last moment gets to send its request, and a
     * client that uses its connection again and again gets an answer that says to open another one.
     */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private static final Logger LOGGER = LoggerFactory.getLogger(SupervisorLink.class);

    private final BufferedReader orders;
    private final Assignment assignment;
    private volatile List<SharedPortConnector> ports = List.of();

    private SupervisorLink(BufferedReader orders, Assignment assignment) {
        this.orders = orders;
        this.assignment = assignment;
    }

    /**
     * Reads the assignment.
     *
     * @throws IOException when the other end isn't a supervisor
     */
    public static SupervisorLink open(InputStream standardInput, ObjectMapper json) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(standardInput, StandardCharsets.UTF_8));
        String first = orders.readLine();
        if (first == null || !first.startsWith("{")) {
            throw new IOException("this command is run by `trayb cluster`, which tells it what to do; run that one");
        }
        return new SupervisorLink(orders, json.readValue(first, Assignment.class));
    }

    public Assignment assignment() {
        return assignment;
    }

    /** The server has started: its shared ports are what is left at an order to. */
    public void serves(Server server) {
        ports = Arrays.stream(server.getConnectors())
                .filter(SharedPortConnector.class::isInstance)
                .map(SharedPortConnector.class::cast)
                .toList();
    }

    /** @param exit ends this process in good order, with a code; may block until it has ended */
    public void follow(IntConsumer exit) {
        Thread thread = new Thread(() -> run(exit), "trayb-supervisor");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(IntConsumer exit) {
        try {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                if (order.equals(LEAVE)) {
                    leave();
                    exit.accept(0);
                    return;
                }
                LOGGER.warn("The supervisor gave an order that is not known here: '{}'", order);
            }
            LOGGER.warn("The supervisor is gone: stopping");
        } catch (IOException e) {
            LOGGER.warn("The supervisor can't be heard any more: stopping", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exit.accept(1);
    }

    private void leave() throws InterruptedException {
        LOGGER.info("Leaving the port to the other processes, then stopping");
        ports.forEach(SharedPortConnector::leave);
        boolean unused = new CountDownLatch(1).await(SETTLE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
