package io.trayb.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * What is made of how a statement went, beside what it returns: {@link ReadOnlyEviction} of its connection, and an unknown outcome
 * where it committed by itself and is one of the {@link UnconfirmedCommits}. Thread-safe.
 */
final class StatementVerdicts implements SqlLogger {
    private final ReadOnlyEviction eviction = new ReadOnlyEviction();

    @Override
    public void logAfterExecution(StatementContext context) {
        PreparedStatement statement = context.getStatement();
        if (statement == null) {
            // A script of several statements, which the service has in transactions only.
            return;
        }
        SQLException verdict;
        try {
            verdict = UnconfirmedCommits.among(statement.getWarnings()).orElse(null);
        } catch (SQLException e) {
            verdict = e;
        }
        if (verdict != null) {
            throw new UnableToExecuteStatementException(verdict, context);
        }
    }

    @Override
    public void logException(StatementContext context, SQLException thrown) {
        eviction.evict(context, thrown);
    }
}
