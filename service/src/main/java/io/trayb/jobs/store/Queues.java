package io.trayb.jobs.store;

import io.trayb.jobs.QueueState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The queues: their settings and how full they are. */
public final class Queues {
    // Sums each queue's counts (QueueCounts), by their index, and reads no job but the one that has been ready longest:
    // the first of each of
    // the ten priorities in trayb_jobs_waiting. Locks nothing.
    private static final String STATES = """
            SELECT queue.name, queue.paused, queue.max_active, queue.max_starts_per_second,
                   coalesce(counted.waiting, 0) AS waiting, coalesce(counted.delayed, 0) AS delayed,
                   coalesce(counted.active, 0) AS active, coalesce(counted.failed, 0) AS failed,
                   CASE WHEN counted.waiting > 0 THEN (
                       SELECT CAST(floor(extract(epoch FROM now() - min(first.ready_at)) * 1000) AS bigint)
                         FROM generate_series(0, 9) AS level (priority)
                        CROSS JOIN LATERAL (SELECT job.ready_at
                                              FROM trayb_jobs AS job
                                             WHERE job.state = 'waiting' AND job.queue = queue.name
                                               AND job.priority = level.priority AND job.priority >= 0
                                             ORDER BY job.ready_at
                                             LIMIT 1) AS first) END AS oldest_waiting_ms
              FROM trayb_queues AS queue
             CROSS JOIN LATERAL (
                   SELECT sum(waiting) AS waiting, sum(delayed) AS delayed, sum(active) AS active, sum(failed) AS failed
                     FROM trayb_queue_counts AS counts
                    WHERE counts.queue = queue.name) AS counted
             WHERE CAST(:name AS text) IS NULL OR queue.name = :name
             ORDER BY queue.name
            """;

    private static final String PAUSE = """
            INSERT INTO trayb_queues (name, paused) VALUES (:name, :paused)
            ON CONFLICT (name) DO UPDATE SET paused = excluded.paused
            """;

    private static final String LIMIT = """
            INSERT INTO trayb_queues (name, max_active, max_starts_per_second)
            VALUES (:name, :maxActive, :maxStartsPerSecond)
            ON CONFLICT (name) DO UPDATE
               SET max_active = excluded.max_active, max_starts_per_second = excluded.max_starts_per_second
            """;

    private Queues() {}

    /** All queues, by name. */
    public static List<QueueState> states(Handle handle) {
        return states(handle, null);
    }

    /** One queue; empty if it doesn't exist. */
    public static Optional<QueueState> state(Handle handle, String name) {
        return states(handle, name).stream().findFirst();
    }

    /** Stops or allows new starts. Makes the queue if it doesn't exist. */
    public static void setPaused(Handle handle, String name, boolean paused) {
        handle.createUpdate(PAUSE).bind("name", name).bind("paused", paused).execute();
    }

    /** Sets both limits; null is none. Makes the queue if it doesn't exist. */
    public static void setLimits(
            Handle handle, String name, @Nullable Integer maxActive, @Nullable Integer maxStartsPerSecond) {
        handle.createUpdate(LIMIT)
                .bind("name", name)
                .bind("maxActive", maxActive)
                .bind("maxStartsPerSecond", maxStartsPerSecond)
                .execute();
    }

    private static List<QueueState> states(Handle handle, @Nullable String name) {
        return handle.createQuery(STATES)
                .bind("name", name)
                .map((row, context) -> new QueueState(
                        row.getString("name"),
                        row.getBoolean("paused"),
                        (Integer) row.getObject("max_active"),
                        (Integer) row.getObject("max_starts_per_second"),
                        row.getLong("waiting"),
                        row.getLong("delayed"),
                        row.getLong("active"),
                        row.getLong("failed"),
                        oldestWaitingMs(row)))
                .list();
    }

    private static @Nullable Long oldestWaitingMs(ResultSet row) throws SQLException {
        long value = row.getLong("oldest_waiting_ms");
        return row.wasNull() ? null : Math.max(0, value);
    }
}
