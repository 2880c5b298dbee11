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
    // Counts the live table once, and the failed part of the history.
    private static final String STATES = """
            SELECT queue.name, queue.paused, queue.max_active, queue.max_starts_per_second,
                   coalesce(live.waiting, 0) AS waiting, coalesce(live.delayed, 0) AS delayed,
                   coalesce(live.active, 0) AS active, coalesce(history.failed, 0) AS failed,
                   CAST(floor(extract(epoch FROM now() - live.oldest) * 1000) AS bigint) AS oldest_waiting_ms
              FROM trayb_queues AS queue
              LEFT JOIN (SELECT queue,
                                count(*) FILTER (WHERE state = 'waiting') AS waiting,
                                count(*) FILTER (WHERE state = 'delayed') AS delayed,
                                count(*) FILTER (WHERE state = 'active') AS active,
                                min(ready_at) FILTER (WHERE state = 'waiting') AS oldest
                           FROM trayb_jobs
                          WHERE CAST(:name AS text) IS NULL OR queue = :name
                          GROUP BY queue) AS live ON live.queue = queue.name
              LEFT JOIN (SELECT queue, count(*) AS failed
                           FROM trayb_finished_jobs
                          WHERE state = 'failed' AND (CAST(:name AS text) IS NULL OR queue = :name)
                          GROUP BY queue) AS history ON history.queue = queue.name
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
