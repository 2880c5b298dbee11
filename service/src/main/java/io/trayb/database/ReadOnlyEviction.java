package io.trayb.database;

import java.sql.SQLException;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a connection closed instead of going back to the pool when Postgres refused to write over it (25006). It leads to a server
 * that has become a standby, or its session was opened while writing was switched off; either may stay so for as long as the
 * connection is open, though a new one could write. Thread-safe.
 */
final class ReadOnlyEviction {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReadOnlyEviction.class);
    /** read_only_sql_transaction: PostgreSQL's manual, appendix A. */
    private static final String READ_ONLY = "25006";

    /** Looks at what a statement was refused with. */
    void evict(StatementContext context, SQLException thrown) {
        if (READ_ONLY.equals(thrown.getSQLState())) {
            try {
                context.getConnection().unwrap(PooledConnection.class).setDiscarded(true);
            } catch (SQLException e) {
                // Not of the pool, or closed already: nothing that could be used again.
                LOGGER.debug("A read-only connection could not be evicted", e);
            }
        }
    }
}
