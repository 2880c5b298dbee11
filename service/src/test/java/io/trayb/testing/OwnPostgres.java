package io.trayb.testing;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Postgres of a test's own, migrated, that can be stopped, frozen and started again on the same port and files. */
public final class OwnPostgres implements AutoCloseable {
    private final Path files;
    private final int port;
    private @Nullable EmbeddedPostgres running;

    /** @param files where it keeps its files; not there yet */
    public OwnPostgres(Path files) throws Exception {
        this.files = files;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        start();
        new Migrations(url()).apply();
    }

    public DatabaseUrl url() {
        return DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + port + "/postgres");
    }

    public void start() throws IOException {
        running = EmbeddedPostgres.builder()
                .setPort(port)
                // The builder's default acknowledges commits that an immediate stop then loses.
                .setServerConfig("synchronous_commit", "on")
                .setDataDirectory(files)
                .setCleanDataDirectory(false)
                .start();
    }

    /** Ends its sessions and closes its port. */
    public void stop() throws IOException {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /**
     * Ends it as a crash would (Postgres' immediate mode): sessions are cut off amid whatever they do, nothing is written any
     * more, and the next start recovers from the log.
     */
    public void crash() throws Exception {
        ProcessHandle postmaster = postmaster();
        kill("QUIT", postmaster.pid());
        postmaster.onExit().get(30, TimeUnit.SECONDS);
        // There is nothing left to stop; it gives its lock on the files back.
        stop();
    }

    /** Makes it say nothing any more, with its connections and its port open, as a network that swallows everything does. */
    public void freeze() throws Exception {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() throws Exception {
        signal("CONT");
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    private void signal(String signal) throws Exception {
        ProcessHandle handle = postmaster();
        List<Long> pids = Stream.concat(Stream.of(handle), handle.descendants())
                .map(ProcessHandle::pid)
                .toList();
        for (long pid : pids) {
            // A backend may have ended by itself since it was listed.
            kill(signal, pid);
        }
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(files.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void kill(String signal, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
