package io.trayb.jobs.store;

import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * What makes every queue in Postgres slow: rows that are dead and can't be vacuumed away.
 *
 * @param deadRows dead rows of the table of unfinished jobs, as Postgres estimates them
 * @param oldestTransaction for how long the oldest transaction of this database has been open, as far as this role may see: its
 *     own, and with {@code pg_read_all_stats} everybody's; zero when there is none
 */
public record TableHealth(long deadRows, Duration oldestTransaction) {
    // Reads what Postgres keeps in memory. A session that merely waits has no transaction; the age is that of the
    // transaction's start, since what it was opened for hides no row from it. Our own look isn't counted.
    private static final String READ = """
            SELECT coalesce(pg_stat_get_dead_tuples('trayb_jobs'::regclass), 0) AS dead_rows,
                   coalesce((SELECT CAST(max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000 AS bigint)
                               FROM pg_stat_activity
                              WHERE datname = current_database() AND pid <> pg_backend_pid()), 0) AS oldest_ms
            """;

    /** As it is now. */
    public static TableHealth read(Handle handle) {
        return handle.createQuery(READ)
                .map((row, context) -> new TableHealth(
                        row.getLong("dead_rows"), Duration.ofMillis(Math.max(0, row.getLong("oldest_ms")))))
                .one();
    }
}
