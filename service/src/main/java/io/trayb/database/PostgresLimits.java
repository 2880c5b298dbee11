package io.trayb.database;

import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;

/**
 * How many connections the Postgres at the other end lends, and whether it is this process that it lends them to.
 *
 * @param maxConnections the setting of that name
 * @param reserved of those, what is kept for superusers and for members of {@code pg_use_reserved_connections}
 * @param direct false when a pooler is in between; see {@link ConnectionCheck}
 */
public record PostgresLimits(int maxConnections, int reserved, boolean direct) {
    // Touches no table. reserved_connections came with Postgres 16.
    private static final String LIMITS = """
            SELECT CAST(current_setting('max_connections') AS int) AS maximum,
                   CAST(current_setting('superuser_reserved_connections') AS int)
                     + coalesce(CAST(current_setting('reserved_connections', true) AS int), 0) AS reserved,
                   pg_backend_pid() AS session
            """;

    /** Reads them over a connection of the pool. */
    public static PostgresLimits read(Handle handle) {
        return handle.createQuery(LIMITS)
                .map((row, context) -> new PostgresLimits(
                        row.getInt("maximum"),
                        row.getInt("reserved"),
                        row.getInt("session")
                                == context.getConnection()
                                        .unwrap(PGConnection.class)
                                        .getBackendPID()))
                .one();
    }

    /** What ordinary users can have of them. */
    public int lent() {
        return maxConnections - reserved;
    }
}
