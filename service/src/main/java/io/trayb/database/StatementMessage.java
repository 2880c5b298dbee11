package io.trayb.database;

import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementException;

/**
 * What the message of a failed statement says: what happened, and to which statement. Never its arguments, as jdbi's own
 * renderings do: they hold payloads, and messages end up in logs.
 */
final class StatementMessage {
    /** Enough to tell Trayb's statements from each other. */
    private static final int SHOWN = 80;

    private StatementMessage() {}

    static String of(StatementException thrown) {
        StatementContext context = thrown.getStatementContext();
        String sql = context == null ? null : context.getRawSql();
        return sql == null ? thrown.getShortMessage() : thrown.getShortMessage() + " [in " + beginning(sql) + "]";
    }

    private static String beginning(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
