package io.trayb.embedded;

import io.trayb.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL on the data directory. Whoever starts it holds the directory's lock. Not thread-safe.
 *
 * <p>Durable as it comes from its makers: {@code fsync}, {@code full_page_writes} and {@code synchronous_commit} are on.
 */
final class EmbeddedPostgres {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String DATABASE = "trayb";
    /** Recovery after a kill replays the log; a laptop does that much in half a minute at worst. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    private final EngineBinaries binaries;
    private final Path cluster;
    private final Path log;
    private final Path urlFile;
    private final Path passwordFile;

    EmbeddedPostgres(DataDirectory directory, EngineBinaries binaries) {
        this.binaries = binaries;
        this.cluster = directory.resolve("postgres");
        this.log = directory.resolve("postgres.log");
        this.urlFile = directory.resolve("postgres.url");
        this.passwordFile = directory.resolve("postgres.password");
    }

    /**
     * Says where it will be once it is started: where it is, if a killed service left it running, else on a port that is free
     * now.
     */
    DatabaseUrl prepare() {
        try {
            if (!Files.exists(cluster)) {
                EngineFiles.writePrivately(passwordFile, EngineFiles.newPassword() + "\n");
            }
            DatabaseUrl url = url(running().flatMap(process -> port()).orElseGet(EngineFiles::freePort));
            EngineFiles.writePrivately(urlFile, plain(url) + "\n");
            return url;
        } catch (IOException e) {
            throw new EmbeddedException("the embedded Postgres can't be prepared: " + e, e);
        }
    }

    /** Starts it where it was prepared, or takes over the one that was left running. Returns once it answers. */
    void start(DatabaseUrl url) {
        Optional<EngineProcess> left = running();
        if (left.isPresent()) {
            adopt(left.get());
        } else {
            if (!Files.exists(cluster)) {
                initialise();
            }
            launch(url);
        }
        createDatabase(url);
    }

    /** Stops it if it runs: sessions are ended, the last checkpoint is written. */
    void stop() {
        // INT is Postgres' fast shutdown. TERM would wait for every client to leave by itself.
        running().ifPresent(process -> process.stop("INT"));
    }

    /** Where it is, if it runs. */
    Optional<DatabaseUrl> findRunning() {
        return running().flatMap(process -> port().map(this::url));
    }

    private void adopt(EngineProcess process) {
        LOGGER.info(
                "The embedded Postgres of an earlier start is still running (process {}); using it",
                process.handle().pid());
        process.awaitReady(this::isReady, START_PATIENCE);
    }

    private void launch(DatabaseUrl url) {
        String port = url.hosts().substring(url.hosts().lastIndexOf(':') + 1);
        List<String> command = List.of(
                binaries.postgres().resolve("bin/postgres").toString(),
                "-D",
                cluster.toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=100",
                "-c",
                "log_timezone=UTC",
                "-c",
                "log_line_prefix=%m [%p] ");
        EngineProcess process = EngineProcess.start("Postgres", Launch.notAsRoot(command), log);
        try {
            process.awaitReady(this::isReady, START_PATIENCE);
        } catch (EmbeddedException e) {
            process.stop("INT");
            throw e;
        }
    }

    /** Makes the cluster beside its place and renames it, so that a cluster that exists is complete. */
    private void initialise() {
        LOGGER.info("Making a new Postgres cluster in {}", cluster);
        Path fresh = cluster.resolveSibling("postgres.new");
        List<String> command = List.of(
                binaries.postgres().resolve("bin/initdb").toString(),
                "--pgdata=" + fresh,
                "--username=trayb",
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        try {
            EngineFiles.deleteTree(fresh);
            EngineProcess initdb = EngineProcess.start("Postgres (initdb)", Launch.notAsRoot(command), log);
            initdb.awaitEnd(START_PATIENCE);
            if (!Files.exists(fresh.resolve("global/pg_control"))) {
                throw new EmbeddedException(
                        "the embedded Postgres couldn't make its cluster; " + initdb.lastLines(), null);
            }
            Files.move(fresh, cluster, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EmbeddedException("the embedded Postgres couldn't make its cluster: " + e, e);
        }
    }

    private static void createDatabase(DatabaseUrl url) {
        try (Connection connection = connect(url, "postgres");
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = 'trayb'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE trayb");
        } catch (SQLException e) {
            throw new EmbeddedException("the embedded Postgres refused to make its database: " + e.getMessage(), e);
        }
    }

    private static Connection connect(DatabaseUrl url, String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.hosts() + "/" + database + "?connectTimeout=5&socketTimeout=30",
                url.user(),
                url.password());
    }

    private Optional<EngineProcess> running() {
        List<String> lines = postmasterFile();
        return lines.isEmpty()
                ? Optional.empty()
                : EngineProcess.find("Postgres", Long.parseLong(lines.get(0).strip()), "-D " + cluster, log);
    }

    /** Line 4 of {@code postmaster.pid}; line 8 says {@code ready}. miscadmin.h in Postgres' sources. */
    private Optional<Integer> port() {
        List<String> lines = postmasterFile();
        return lines.size() < 4
                ? Optional.empty()
                : Optional.of(Integer.valueOf(lines.get(3).strip()));
    }

    private boolean isReady() {
        List<String> lines = postmasterFile();
        return lines.size() >= 8 && lines.get(7).strip().equals("ready");
    }

    private List<String> postmasterFile() {
        try {
            Path file = cluster.resolve("postmaster.pid");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (NoSuchFileException e) {
            // It went away between the two looks.
            return List.of();
        } catch (IOException e) {
            throw new EmbeddedException("postmaster.pid in " + cluster + " can't be read: " + e, e);
        }
    }

    private DatabaseUrl url(int port) {
        try {
            String password = Files.readString(passwordFile).strip();
            return DatabaseUrl.parse("postgresql://trayb:" + password + "@127.0.0.1:" + port + "/" + DATABASE);
        } catch (IOException e) {
            throw new EmbeddedException(
                    "the password of the embedded Postgres, which was drawn when " + cluster
                            + " was made, can't be read: " + e,
                    e);
        }
    }

    private static String plain(DatabaseUrl url) {
        return "postgresql://" + url.user() + ":" + url.password() + "@" + url.hosts() + "/" + url.database();
    }
}
