package io.trayb.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * Has Postgres keep the plans of the statements that each job costs, where a connection leads to one session for good (see
 * decision 0020). For statements whose best plan doesn't depend on their parameters; others are planned anew each time.
 */
public final class KeptPlans {
    /** To be added to a statement. Thread-safe. */
    public static final StatementCustomizer KEEP = new StatementCustomizer() {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            if (statement.getConnection().unwrap(PGConnection.class).getPrepareThreshold() == NOT_BY_ITSELF) {
                statement.unwrap(PGStatement.class).setPrepareThreshold(PREPARE_AT);
            }
        }
    };

    /** A statement is prepared when it is used for so many times: the driver's own default. */
    private static final int PREPARE_AT = 5;
    /** What a connection says in which statements may be prepared, but only those that ask for it. */
    private static final int NOT_BY_ITSELF = Integer.MAX_VALUE;

    /**
     * Finds each row by an index, in its order, whatever the statistics say. They are as old as the last vacuum, and a plan that
     * is kept is as old as they; made for an empty table, it would read and sort all of the backlog that has come since for each
     * claim. Behind PgBouncer, where nothing is kept, the same is gained by its {@code connect_query}: infra/pgbouncer has these.
     */
    static final String PLANNING = "SET enable_seqscan = off; SET enable_bitmapscan = off;"
            + " SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_sort = off";

    private KeptPlans() {}

    /** Lets plans be kept in a connection, and has its session plan as {@link #PLANNING} says. */
    static void allowIn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PLANNING);
        }
        connection.unwrap(PGConnection.class).setPrepareThreshold(NOT_BY_ITSELF);
    }
}
