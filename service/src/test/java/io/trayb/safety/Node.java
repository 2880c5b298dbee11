package io.trayb.safety;

import io.trayb.database.DatabaseUrl;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestRedis;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One place where a service process runs, dies and is started again, behind relays whose ports stay. Not thread-safe. */
final class Node implements Closeable {
    private static final String[] SETTINGS = {
        "jobs.lease=3s",
        "jobs.beat=500ms",
        "jobs.shutdownGrace=1s",
        "server.shutdownGracePeriod=2s",
        "events.drainWindow=0s"
    };
    /** Handlers that a node runs at once. */
    static final int SLOTS = 4;

    private static final Duration STOP = Duration.ofSeconds(60);

    private final String name;
    private final List<Path> classes;
    private final Path directory;
    private final Path log;
    private final Map<String, String> variables;
    private final Ledger ledger;
    private final Relay http;
    private final Relay postgres;
    private @Nullable ServiceProcess process;
    private boolean frozen;

    /**
     * @param classes what goes before the service's own
     * @param directory where it and its history are kept
     */
    Node(String name, List<Path> classes, Path directory, DatabaseUrl database, TestRedis redis, Ledger ledger)
            throws IOException {
        this.name = name;
        this.classes = classes;
        this.directory = Files.createDirectories(directory.resolve(name));
        this.log = directory.resolve(name + ".log");
        this.ledger = ledger;
        this.http = new Relay(0);
        this.postgres = new Relay(portOf(database));
        this.variables = Map.of(
                "DATABASE_URL",
                "postgresql://" + database.user() + (database.password() == null ? "" : ":" + database.password())
                        + "@127.0.0.1:" + postgres.port() + "/" + database.database(),
                "REDIS_URL",
                redis.url(),
                "JOB_CONCURRENCY",
                Integer.toString(SLOTS),
                RecordingHandler.FILE,
                this.directory.resolve("starts").toString());
    }

    private static int portOf(DatabaseUrl database) {
        String hosts = database.hosts();
        return Integer.parseInt(hosts.substring(hosts.indexOf(':') + 1));
    }

    String name() {
        return name;
    }

    /** Where clients reach it, whichever process serves there. */
    Relay http() {
        return http;
    }

    /** Through which it reaches the database. */
    Relay postgres() {
        return postgres;
    }

    /** Has it reach the database elsewhere from now on; its connections to where it was are gone. */
    void leadTo(DatabaseUrl database) {
        postgres.leadTo(portOf(database));
        postgres.cutAll();
    }

    List<Start> starts() throws IOException {
        return new StartLog(directory.resolve("starts")).read();
    }

    void start() throws IOException {
        process = ServiceProcess.start(classes, directory, log, variables, SETTINGS);
    }

    /** Whether it runs, and isn't frozen. */
    boolean isGoing() {
        return process != null && process.isAlive() && !frozen;
    }

    boolean isFrozen() {
        return frozen;
    }

    /** Leads clients to the port on which it serves, once it does. */
    boolean isServing() throws IOException {
        if (!isGoing() || process.portIfUp() == 0) {
            return false;
        }
        http.leadTo(process.portIfUp());
        return true;
    }

    void kill() throws Exception {
        process.kill();
        ledger.exited(process.pid());
        frozen = false;
    }

    void freeze() throws Exception {
        process.freeze();
        frozen = true;
    }

    void thaw() throws Exception {
        process.thaw();
        frozen = false;
    }

    /** Ends it in good order. */
    void stop() throws InterruptedException {
        long asked = Micros.now();
        process.terminate();
        if (!process.awaitEnd(STOP)) {
            throw new IllegalStateException(name + " doesn't stop; see " + log);
        }
        ledger.exited(process.pid());
        ledger.gaveUp(new LeaseEnd(Long.toString(process.pid()), asked, Micros.now()));
    }

    @Override
    public void close() throws IOException {
        try {
            if (process != null && process.isAlive()) {
                if (frozen) {
                    thaw();
                }
                kill();
            }
        } catch (Exception e) {
            throw new IllegalStateException(name + " can't be ended", e);
        } finally {
            http.close();
            postgres.close();
        }
    }
}
