package io.trayb.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pool asks of a connection: of each whether it lives, and of a new one whether it leads to one session of Postgres for
 * good. If so, {@link KeptPlans} may be used in it; through PgBouncer's transaction mode they can't be, since the next transaction
 * may find itself in another session (see decision 0020).
 *
 * <p>Thread-safe. Made by the pool, by its name.
 */
public final class ConnectionCheck implements Validator {
    private static final int PATIENCE_SECONDS = 1;
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionCheck.class);

    @Override
    public boolean validate(Connection connection, int action) {
        boolean isNew = action == PooledConnection.VALIDATE_INIT;
        try {
            if (!isNew) {
                // Gives up in time also on a server that is frozen.
                return connection.isValid(PATIENCE_SECONDS);
            }
            if (isDirect(connection)) {
                KeptPlans.allowIn(connection);
            }
            return true;
        } catch (SQLException e) {
            if (isNew) {
                // The pool says no more than that a new connection was of no use.
                LOGGER.warn(
                        "A new connection to Postgres is of no use (SQLSTATE {}): {}", e.getSQLState(), e.getMessage());
            } else {
                LOGGER.debug("A connection is of no use", e);
            }
            return false;
        }
    }

    /** Postgres names the session by the number of its process when it is opened. PgBouncer makes up a number of its own. */
    private static boolean isDirect(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            return row.next()
                    && row.getInt(1) == connection.unwrap(PGConnection.class).getBackendPID();
        }
    }
}
