package io.trayb.testing;

import io.trayb.database.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;

/** The one Postgres of this JVM: started by the first test that asks for it, stopped when the JVM ends. Thread-safe. */
final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestPostgres() {}

    /** Lazily started and never replaced. */
    private static final class Engine {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            // Neither UTC nor a whole hour off it: what forgets a time zone is found out. The driver makes the JVM's
            // time zone that of each session, whatever the server's is.
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("the tests' Postgres didn't start", e);
            }
        }
    }

    /** Creates an empty database and says where it is. */
    static DatabaseUrl createDatabase() {
        return create("CREATE DATABASE %s");
    }

    /** Creates a database that is a copy of another one, to which nobody is connected. */
    static DatabaseUrl createCopy(DatabaseUrl original) {
        return create("CREATE DATABASE %s TEMPLATE " + original.database());
    }

    private static DatabaseUrl create(String statement) {
        String name = "test_" + DATABASES.incrementAndGet();
        execute(statement.formatted(name));
        return url(name);
    }

    /** Where its databases are, by the one that each Postgres has. */
    static DatabaseUrl url() {
        return url("postgres");
    }

    private static DatabaseUrl url(String database) {
        return DatabaseUrl.parse("postgresql://postgres@localhost:" + Engine.RUNNING.getPort() + "/" + database);
    }

    static void dropDatabase(DatabaseUrl url) {
        execute("DROP DATABASE " + url.database() + " WITH (FORCE)");
    }

    private static void execute(String sql) {
        try (Connection connection = Engine.RUNNING.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the tests' Postgres refused: " + sql, e);
        }
    }
}
