package io.trayb.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.trayb.roles.Roles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster as its supervising process sees it: several service processes on shared ports. This is where the package's parts are put
 * together.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Cluster.class);

    private final ClusterConfiguration configuration;
    private final List<Member> members;
    private final HttpConnectorFactory admin;
    private final ObjectMapper json;
    private final Orders orders = new Orders(Runtime.getRuntime()::halt);
    private final List<PortReservation> reservations = new ArrayList<>();

    /** Where a cluster is, and how its processes are doing; what {@code trayb.json} says. */
    public record Place(long pid, int port, int adminPort, List<ProcessState> processes) {
        public Place {
            processes = List.copyOf(processes);
        }
    }

    /**
     * @param roles those that are configured; only the first process runs jobs
     * @param admin where the supervisor's own port is
     * @throws IllegalArgumentException with a sentence when some processes would have nothing to do
     */
    public Cluster(ClusterConfiguration configuration, Roles roles, HttpConnectorFactory admin, ObjectMapper json) {
        this.configuration = configuration;
        this.members = Member.of(configuration.processes(Runtime.getRuntime().availableProcessors()), roles);
        this.admin = admin;
        this.json = json;
    }

    /** How many processes there will be. */
    public int size() {
        return members.size();
    }

    /**
     * Takes a port for the processes to share.
     *
     * @throws IOException when somebody else listens there
     */
    public void reserve(HttpConnectorFactory connector) throws IOException {
        reservations.add(PortReservation.of(connector.getBindHost(), connector.getPort()));
    }

    /**
     * Runs it; returns when it was told to stop, by the signals of {@link #obeySignals}, and all processes have ended.
     *
     * @param command starts one service process; its name is added
     * @param databaseUrl the embedded Postgres that all share; null if the configuration names one
     * @param redisUrl the embedded Redis that all share; null if the configuration names one
     * @param version of the product
     * @param announce told where the cluster is, and of each change
     * @throws GaveUpException when the processes die again and again
     * @throws Exception what Jetty throws, such as when the admin port is taken
     */
    public void run(
            List<String> command,
            @Nullable String databaseUrl,
            @Nullable String redisUrl,
            String version,
            Consumer<Place> announce)
            throws Exception {
        List<Integer> ports = reservations.stream().map(PortReservation::port).toList();
        LoopClock clock = new LoopClock(System::nanoTime);
        ChildLauncher launcher =
                new ChildLauncher(command, ports, inUrls(admin.getBindHost()), databaseUrl, redisUrl, json, clock);
        List<Slot> slots = members.stream()
                .map(member -> new Slot(
                        member,
                        launcher,
                        configuration,
                        new RestartPauses(
                                configuration, () -> ThreadLocalRandom.current().nextDouble()),
                        clock))
                .toList();
        AtomicReference<List<ProcessState>> states = new AtomicReference<>(List.of());
        ClusterServer server =
                new ClusterServer(admin.getBindHost(), admin.getPort(), states::get, json, version, System::nanoTime);
        try {
            server.start();
            Supervisor supervisor = new Supervisor(
                    slots,
                    configuration,
                    now -> {
                        states.set(now);
                        tell(announce, new Place(ProcessHandle.current().pid(), ports.get(0), server.port(), now));
                    },
                    orders,
                    clock);
            LOGGER.info(
                    "{} processes on port {}; for operators: http://{}:{}/ (/metrics of all of them, /readyz)",
                    members.size(),
                    ports.get(0),
                    inUrls(admin.getBindHost()),
                    server.port());
            supervisor.run();
        } finally {
            server.stop();
        }
    }

    private static void tell(Consumer<Place> announce, Place place) {
        try {
            announce.accept(place);
        } catch (UncheckedIOException e) {
            // Such as on a full disk; who asks the port is told all the same.
            LOGGER.warn("{}; the cluster goes on", e.getMessage());
        }
    }

    /**
     * From now on SIGTERM, SIGINT and SIGHUP are orders, which {@link #run} obeys. To be called before there is anything that must not
     * be left behind, such as the embedded engines.
     */
    public void obeySignals() {
        Terminal terminal = new Terminal();
        obey("TERM", orders::stop);
        obey("INT", orders::stop);
        obey("HUP", () -> {
            if (terminal.isGone()) {
                orders.hangUp();
            } else {
                orders.restart();
            }
        });
    }

    private static void obey(String signal, Runnable order) {
        if (Signals.register(signal, order) == null) {
            LOGGER.warn("This JVM doesn't let us hear SIG{}", signal);
        }
    }

    private static String inUrls(@Nullable String host) {
        if (host == null) {
            return "127.0.0.1";
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Gives the ports back. */
    @Override
    public void close() throws IOException {
        for (PortReservation reservation : reservations) {
            reservation.close();
        }
    }
}
