package io.trayb.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Runs units of work in transactions. Thread-safe.
 *
 * <p>A unit that Postgres gave up because of what others did at that moment is run again, for nothing of it was done: to
 * resolve a deadlock or a serialisation conflict, or since a migration has changed a table.
 */
public final class Transactions {
    /**
     * serialization_failure, deadlock_detected and idle_in_transaction_session_timeout, of the PostgreSQL manual's appendix A:
     * the transaction was rolled back. And invalid_sql_statement_name: a statement was prepared in a session that is gone; the
     * driver prepares it anew.
     */
    private static final Set<String> BROKEN_OFF = Set.of("40001", "40P01", "25P03", "26000");

    /** feature_not_supported, which is also said of a plan that was kept from before a migration; by this routine alone. */
    private static final String NOT_SUPPORTED = "0A000";

    private static final String REVALIDATION = "RevalidateCachedQuery";

    /**
     * A process that stands still in the middle of a transaction (a debugger, a frozen machine) would keep its rows locked, and
     * with them those who want to free its jobs. Shorter than a lease, longer than any pause that isn't a standstill.
     */
    private static final String END_IF_WE_STAND_STILL = "SET LOCAL idle_in_transaction_session_timeout = '5s'";

    private static final int TRIES = 5;
    /** As many connections as a pool may have: each may have a stale plan of its own, and is right from then on. */
    private static final int STALE_PLANS = 1_000;

    /** Classes of SQLSTATE after which nobody knows whether a commit was made: connection lost, server shut down. */
    private static final List<String> UNKNOWN_OUTCOME = List.of("08", "57P");

    /** Classes of SQLSTATE that blame the data of a row and not the database: the PostgreSQL manual's appendix A. */
    private static final List<String> BAD_ROW = List.of("22", "23");

    private final Jdbi jdbi;
    private final Runnable onUnknownOutcome;

    /**
     * Transactions on a database.
     *
     * @param onUnknownOutcome called when the connection broke after work had begun: it may have been committed all the same,
     *     and whatever was to be told after the commit won't be
     */
    public Transactions(Jdbi jdbi, Runnable onUnknownOutcome) {
        this.jdbi = jdbi;
        this.onUnknownOutcome = onUnknownOutcome;
    }

    /** What is to be done with a handle. May be run more than once. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Handle handle);
    }

    /**
     * Runs a unit of work in one transaction (READ COMMITTED).
     *
     * @throws JdbiException if the database is out of reach or refuses. Nothing was done then, unless the connection broke
     *     while it was at work: then it is unknown whether everything was done or nothing
     */
    public <T extends @Nullable Object> T run(Work<T> work) {
        return write(() -> jdbi.inTransaction(handle -> {
            handle.execute(END_IF_WE_STAND_STILL);
            return work.run(handle);
        }));
    }

    /**
     * Runs a unit of work that is one single statement: Postgres makes it a transaction of its own, which saves the way there
     * and back of a COMMIT.
     *
     * @throws JdbiException as {@link #run} does
     */
    public <T extends @Nullable Object> T statement(Work<T> work) {
        return write(() -> jdbi.withHandle(work::run));
    }

    /**
     * Runs one statement that only reads.
     *
     * @throws JdbiException if the database is out of reach or refuses
     */
    public <T extends @Nullable Object> T read(Work<T> work) {
        return retried(() -> jdbi.withHandle(work::run));
    }

    private <T extends @Nullable Object> T write(Supplier<T> attempt) {
        try {
            return retried(attempt);
        } catch (ConnectionException e) {
            // No connection could be had: nothing was begun.
            throw e;
        } catch (JdbiException e) {
            if (isUnknown(e)) {
                onUnknownOutcome.run();
            }
            throw e;
        }
    }

    private static <T extends @Nullable Object> T retried(Supplier<T> attempt) {
        int brokenOff = 0;
        int stale = 0;
        while (true) {
            try {
                return attempt.get();
            } catch (JdbiException e) {
                boolean again = isStalePlan(e)
                        ? ++stale < STALE_PLANS
                        : BROKEN_OFF.contains(sqlState(e)) && ++brokenOff < TRIES;
                if (!again) {
                    throw e;
                }
            }
        }
    }

    /** Nothing of the unit was done then. */
    private static boolean isStalePlan(JdbiException e) {
        return sqlState(e).equals(NOT_SUPPORTED)
                && root(e).filter(PSQLException.class::isInstance)
                        .map(cause -> ((PSQLException) cause).getServerErrorMessage())
                        .map(ServerErrorMessage::getRoutine)
                        .filter(REVALIDATION::equals)
                        .isPresent();
    }

    /** Whether the database can't be reached, or went away in the middle, so that the next one who asks can't expect better. */
    public static boolean isOutOfReach(JdbiException e) {
        return e instanceof ConnectionException || isUnknown(e);
    }

    private static boolean isUnknown(JdbiException e) {
        return UNKNOWN_OUTCOME.stream().anyMatch(sqlState(e)::startsWith);
    }

    /** Whether Postgres refused the data of some row, so that the others may be accepted without it. */
    public static boolean isBadRow(JdbiException e) {
        return BAD_ROW.stream().anyMatch(sqlState(e)::startsWith);
    }

    /** The SQLSTATE at the root of an exception; empty if there is none. */
    public static String sqlState(Throwable thrown) {
        return root(thrown).map(SQLException::getSQLState).orElse("");
    }

    private static Optional<SQLException> root(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
