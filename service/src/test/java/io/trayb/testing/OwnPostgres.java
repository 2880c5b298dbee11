package io.trayb.testing;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Postgres of a test's own, migrated, that can be stopped, killed, frozen and started again on the same port and files. */
public final class OwnPostgres implements AutoCloseable {
    private final Path files;
    private final int port;
    private @Nullable EmbeddedPostgres running;

    /** @param files where it keeps its files; not there yet */
    public OwnPostgres(Path files) throws Exception {
        this(files, LastingPort.free());
        start();
        new Migrations(url()).apply();
    }

    private OwnPostgres(Path files, int port) {
        this.files = files;
        this.port = port;
    }

    /** One that isn't started and has no files yet: what {@link #follow} makes of it. */
    static OwnPostgres toFollow(Path files) throws IOException {
        return new OwnPostgres(files, LastingPort.free());
    }

    public DatabaseUrl url() {
        return DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + port + "/postgres");
    }

    public void start() throws IOException {
        running = EmbeddedPostgres.builder()
                .setPort(port)
                // The builder's default acknowledges commits that an immediate stop then loses.
                .setServerConfig("synchronous_commit", "on")
                // For a standby that begins with a copy of this one's files, and asks for what was written since.
                .setServerConfig("wal_keep_size", "256MB")
                .setServerConfig("wal_retrieve_retry_interval", "200ms")
                .setDataDirectory(files)
                .setCleanDataDirectory(false)
                .start();
    }

    /** Makes it a standby of another one, with a fresh copy of its files, and starts it. It isn't running. */
    void follow(OwnPostgres primary, String name) throws Exception {
        BaseBackup.take(primary, primary.files, files);
        Files.writeString(
                files.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primary.port + " user=postgres application_name=" + name
                        + "'\n",
                StandardOpenOption.APPEND);
        Files.createFile(files.resolve("standby.signal"));
        start();
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url().jdbcUrl(), url().user(), "");
    }

    /** Runs a statement. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query's only row. */
    public String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    public boolean isRunning() {
        return running != null;
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

    /** Ends all its processes at once, as a power cut would: none gets a chance to do anything. */
    public void kill() throws Exception {
        ProcessHandle postmaster = postmaster();
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        // Of the others it isn't known: they have become somebody else's children.
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
