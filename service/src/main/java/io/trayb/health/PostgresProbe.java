package io.trayb.health;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.SchemaCheck;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Postgres answers, has this version's tables, and can be written. Asks over a connection of its own, so that a pool in full
 * use doesn't look like a database that is gone.
 */
public final class PostgresProbe implements Probe {
    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresProbe.class);
    /** Short enough that a server which swallows packets is told from one that answers within the promised 5 s. */
    private static final String SECONDS = "2";

    private final DatabaseUrl url;
    private final SchemaCheck schema;
    private @Nullable Connection connection;

    public PostgresProbe(DatabaseUrl url) {
        this.url = url;
        this.schema = new SchemaCheck(url.schema());
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public void probe() throws SQLException {
        try {
            check(open());
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void check(Connection open) throws SQLException {
        List<String> pending = schema.pending(open);
        if (!pending.isEmpty()) {
            throw new IllegalStateException("not migrated: run ./trayb db migrate (missing " + pending.size()
                    + " change sets, the first is " + pending.get(0) + ")");
        }
        try (Statement statement = open.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")) {
            if (answer.next() && answer.getBoolean(1)) {
                throw new IllegalStateException("read-only: this is a standby, or writing is switched off");
            }
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = DriverManager.getConnection(url.jdbcUrl(), properties());
            connection = open;
        }
        return open;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(url.properties());
        properties.put(PGProperty.CONNECT_TIMEOUT.getName(), SECONDS);
        properties.put(PGProperty.SOCKET_TIMEOUT.getName(), SECONDS);
        properties.put(PGProperty.PREPARE_THRESHOLD.getName(), "0");
        properties.put(PGProperty.APPLICATION_NAME.getName(), "trayb-health");
        String user = url.user();
        if (user != null) {
            properties.put(PGProperty.USER.getName(), user);
        }
        String password = url.password();
        if (password != null) {
            properties.put(PGProperty.PASSWORD.getName(), password);
        }
        return properties;
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // It is broken, which is why it is being closed; the next probe opens another.
                LOGGER.debug("closing the probe's connection failed", e);
            }
        }
    }
}
