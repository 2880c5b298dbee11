package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.database.DatabaseUrl;
import io.trayb.pgbouncer.Console;
import io.trayb.pgbouncer.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real PgBouncer with the settings that are shipped in infra/, before a Postgres: on a free port of loopback, with every database
 * there in the place of the one that the file names, and the health probe's entry for the one that it is made with. The port stays when it is started again.
 */
public final class TestPgBouncer implements AutoCloseable {
    /** The system property that puts one before the database of every test: {@code -Dtrayb.pgbouncer=true}. */
    public static final String BEFORE_ALL = "trayb.pgbouncer";

    /** What the health probe calls the database that this was made with. */
    public static final String PROBE_DATABASE = "trayb_probe";

    private static final Path SHIPPED = Path.of("../infra/pgbouncer");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PASSWORD = "of-tests-only";
    private static final String EXAMPLE_VERIFIER = "SCRAM-SHA-256$4096:SALT$STORED_KEY:SERVER_KEY";

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    /** Started by the first test that asks for it, stopped when the JVM ends. */
    private static final class OfThisJvm {
        static final TestPgBouncer RUNNING = start();

        private static TestPgBouncer start() {
            TestPgBouncer started = before(TestPostgres.url());
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-pgbouncer"));
            return started;
        }
    }

    /** Whether this run has one before the database of every test. */
    public static boolean isBeforeAll() {
        return Boolean.getBoolean(BEFORE_ALL);
    }

    /** The one before the JVM's Postgres. */
    public static TestPgBouncer ofThisJvm() {
        return OfThisJvm.RUNNING;
    }

    /**
     * Starts one before a Postgres.
     *
     * @param settings beside those of the file, such as {@code max_client_conn = 10}
     */
    public static TestPgBouncer before(DatabaseUrl postgres, String... settings) {
        try {
            TestPgBouncer pgbouncer = new TestPgBouncer(postgres, settings);
            pgbouncer.start();
            return pgbouncer;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("a test's PgBouncer didn't start", e);
        }
    }

    private TestPgBouncer(DatabaseUrl postgres, String... settings) throws IOException, SQLException {
        this.folder = Files.createTempDirectory("trayb-pgbouncer");
        this.port = LastingPort.free();
        Files.writeString(
                folder.resolve("userlist.txt"),
                inPlaceOf(
                        Files.readString(SHIPPED.resolve("userlist.txt.example")),
                        "\"trayb\"",
                        "\"" + postgres.user() + "\"",
                        EXAMPLE_VERIFIER,
                        verifier(postgres)));
        Files.writeString(
                file(),
                inPlaceOf(
                                Files.readString(SHIPPED.resolve("pgbouncer.ini")),
                                "\ntrayb = host=127.0.0.1 port=5432 ",
                                "\n* = " + place(postgres) + " ",
                                "\ntrayb_probe = host=127.0.0.1 port=5432 dbname=trayb ",
                                "\n" + PROBE_DATABASE + " = " + place(postgres) + " dbname=" + postgres.database()
                                        + " ",
                                "listen_port = 6432",
                                "listen_port = " + port,
                                "/etc/pgbouncer",
                                folder.toString(),
                                "/var/run/postgresql",
                                folder.toString(),
                                "/var/log/postgresql",
                                folder.toString())
                        + String.join("\n", settings) + "\n");
    }

    /** Replaces each first thing by its second, everywhere; each must be there. */
    private static String inPlaceOf(String shipped, String... replacements) {
        String text = shipped;
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(text).contains(replacements[i]);
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        return text;
    }

    private static String place(DatabaseUrl postgres) {
        int colon = postgres.hosts().lastIndexOf(':');
        return "host=127.0.0.1 port=" + postgres.hosts().substring(colon + 1);
    }

    /** Gives the user a password, and returns what Postgres keeps of it. */
    private static String verifier(DatabaseUrl postgres) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE " + postgres.user() + " PASSWORD '" + PASSWORD + "'");
            try (ResultSet row = statement.executeQuery(
                    "SELECT rolpassword FROM pg_authid WHERE rolname = '" + postgres.user() + "'")) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private Path file() {
        return folder.resolve("pgbouncer.ini");
    }

    /** Starts it again, after a stop or a kill. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(notAsRoot());
        command.addAll(List.of(Programs.find("pgbouncer").toString(), file().toString()));
        Path log = folder.resolve("log");
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
        process = started;
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> !started.isAlive() || !ask("SHOW VERSION").isEmpty());
            assertThat(started.isAlive())
                    .as("pgbouncer: " + Files.readString(log))
                    .isTrue();
        } catch (RuntimeException | Error e) {
            started.destroyForcibly();
            throw e;
        }
    }

    /** PgBouncer refuses to run as root; in a user namespace of its own it is nobody, and its files stay root's. */
    private static List<String> notAsRoot() throws IOException {
        boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        return root ? List.of("unshare", "--user") : List.of();
    }

    /** The way to a database through it. */
    public DatabaseUrl through(DatabaseUrl past) {
        return url(String.valueOf(past.user()), past.database());
    }

    /** Its console, for who may only look; in the form of {@code PGBOUNCER_URL}. */
    public String consoleUrl() {
        return text("trayb_stats", "pgbouncer");
    }

    private DatabaseUrl url(String user, String database) {
        return DatabaseUrl.parse(text(user, database));
    }

    private String text(String user, String database) {
        return "postgresql://" + user + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + database;
    }

    /** Gives its console a command, as who may do everything. */
    public List<Row> ask(String command) throws IOException {
        try (Console console = Console.open(url("trayb_admin", "pgbouncer"))) {
            return console.ask(command);
        }
    }

    /**
     * Leads to another Postgres from now on, as docs/scaling.md says: its file names that one, and it reads it again and gives up its
     * connections to the former, each as soon as nobody has a transaction on it.
     */
    public void leadTo(DatabaseUrl postgres) throws IOException {
        String led = Files.readString(file()).replaceAll(" = host=\\S+ port=\\S+ ", " = " + place(postgres) + " ");
        Files.writeString(file(), led);
        assertThat(led).contains(place(postgres));
        ask("RELOAD");
        reconnect();
    }

    /** Is restarted without the lines of its file that begin so. */
    public void leaveOut(String beginning) throws IOException {
        List<String> lines = Files.readAllLines(file());
        assertThat(lines).anyMatch(line -> line.startsWith(beginning));
        Files.write(
                file(),
                lines.stream().filter(line -> !line.startsWith(beginning)).toList());
        stop();
        start();
    }

    /** Ends all its connections to Postgres, each as soon as nobody has a transaction on it. */
    public void reconnect() throws IOException {
        ask("RECONNECT");
    }

    /** Lends no connection to Postgres any more. */
    public void pause() throws IOException {
        ask("PAUSE");
    }

    public void resume() throws IOException {
        ask("RESUME");
    }

    /** Cuts all connections to a database, on both sides, whatever they are doing. */
    public void cutAll(String database) throws IOException {
        ask("KILL " + database);
        ask("RESUME " + database);
    }

    /** Ends it as a crash would. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await().atMost(PATIENCE).until(() -> !running.isAlive());
        }
    }

    /** Ends it in good order; its clients are cut off all the same. */
    public void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            await().atMost(PATIENCE).until(() -> !running.isAlive());
        }
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("a test's PgBouncer has left something behind", e);
        }
    }
}
