package io.trayb.database;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Runs units of work in transactions. Thread-safe.
 *
 * <p>A unit that Postgres gave up to resolve a deadlock or a serialisation conflict is run again: nothing of it was done.
 */
public final class Transactions {
    /** serialization_failure and deadlock_detected, of the PostgreSQL manual's appendix A. */
    private static final Set<String> RETRYABLE = Set.of("40001", "40P01");

    private static final int TRIES = 5;

    private final Jdbi jdbi;

    public Transactions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** What is to be done with a handle. May be run more than once. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Handle handle);
    }

    /**
     * Runs a unit of work in one transaction (READ COMMITTED).
     *
     * @throws JdbiException if the database is out of reach or refuses; the transaction is then rolled back
     */
    public <T extends @Nullable Object> T run(Work<T> work) {
        return retried(() -> jdbi.inTransaction(work::run));
    }

    /**
     * Runs a unit of work that is one single statement: Postgres makes it a transaction of its own, which saves the way there
     * and back of a COMMIT.
     *
     * @throws JdbiException if the database is out of reach or refuses; nothing was done
     */
    public <T extends @Nullable Object> T statement(Work<T> work) {
        return retried(() -> jdbi.withHandle(work::run));
    }

    private static <T extends @Nullable Object> T retried(Supplier<T> attempt) {
        for (int tried = 1; ; tried++) {
            try {
                return attempt.get();
            } catch (JdbiException e) {
                if (tried == TRIES || !RETRYABLE.contains(sqlState(e))) {
                    throw e;
                }
            }
        }
    }

    /** The SQLSTATE at the root of an exception; empty if there is none. */
    public static String sqlState(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
