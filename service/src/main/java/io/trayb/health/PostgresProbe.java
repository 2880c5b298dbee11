package io.trayb.health;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.SchemaCheck;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Postgres answers, has this version's tables, and can be written. Asks over a connection of its own, so that a pool in full
 * use doesn't look like a database that is gone; behind PgBouncer, whose pool all its clients share, that takes a database of
 * PgBouncer's of its own as well ({@code database.probeDatabase}).
 */
public final class PostgresProbe implements Probe {
    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresProbe.class);
    /**
     * Short enough that a server which swallows packets is down within the promised 5 s, though it takes two failures: a probe begins
     * a second after the fault at the latest, gives up after another, and so does the next.
     */
    private static final String SECONDS = "1";

    private static final Map<String, String> REASONS = Map.of(
            "08", "it is out of reach, or doesn't answer in time",
            "28", "it doesn't let us in",
            "3D", "it has no database of that name",
            "53", "it has no connection left, or no memory or disk",
            "57", "it is starting or stopping");

    private final DatabaseUrl url;
    private final SchemaCheck schema;
    private @Nullable Connection connection;

    /** @param url the way for the probe alone */
    public PostgresProbe(DatabaseUrl url) {
        this.url = url;
        this.schema = new SchemaCheck(url.schema());
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public void probe() throws ProbeFailure {
        try {
            check(open());
        } catch (SQLException e) {
            close();
            throw ProbeFailure.passing(reason(e.getSQLState()), e);
        } catch (ProbeFailure | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** By the class of the SQLSTATE: Postgres' manual, appendix A. */
    private static String reason(@Nullable String state) {
        String kind = state == null || state.length() < 2 ? "" : state.substring(0, 2);
        return REASONS.getOrDefault(kind, "it answers with an error");
    }

    private void check(Connection open) throws SQLException, ProbeFailure {
        List<String> pending = schema.pending(open);
        if (!pending.isEmpty()) {
            throw ProbeFailure.settled(
                    "not migrated",
                    "not migrated: run ./trayb db migrate (missing " + pending.size() + " change sets, the first is "
                            + pending.get(0) + ")");
        }
        try (Statement statement = open.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")) {
            if (answer.next() && answer.getBoolean(1)) {
                throw ProbeFailure.settled("read-only: this is a standby, or writing is switched off");
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
