package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Puts failed and cancelled jobs back, with fresh attempts. */
public final class Revivals {
    /**
     * Which jobs to put back.
     *
     * @param state failed or cancelled
     * @param type of this type only, or null
     * @param finishedAfter that ended later than this only, or null
     * @param limit how many at most, those that ended first before the others
     */
    public record Filter(
            String queue,
            JobState state,
            @Nullable String type,
            @Nullable Instant finishedAfter,
            int limit) {}

    // The job leaves the history in the statement that puts it back. A job whose unique key another unfinished one
    // holds stays where it is: the insert is tried first, and only what was inserted is deleted.
    private static final String REVIVE = """
            WITH back AS MATERIALIZED (
                SELECT * FROM trayb_finished_jobs
                 WHERE id = ANY(:ids) AND state IN ('failed', 'cancelled')
                 ORDER BY id
                   FOR UPDATE),
            waiting AS (
                INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, attempt, max_attempts, stalls, timeout_ms,
                                        run_at, ready_at, error_message, error_attempt, error_at, unique_key, created_at, lease_id)
                SELECT id, queue, type, 'waiting', priority, payload, 0, max_attempts, 0, timeout_ms,
                       now(), now(), error_message, error_attempt, error_at, unique_key, created_at, NULL
                  FROM back
                 ORDER BY queue, type, unique_key, id
                ON CONFLICT (queue, type, unique_key) WHERE unique_key IS NOT NULL DO NOTHING
                RETURNING *),
            gone AS (
                DELETE FROM trayb_finished_jobs AS finished
                 USING waiting
                 WHERE finished.id = waiting.id AND finished.state IN ('failed', 'cancelled'))
            SELECT * FROM waiting
            """;

    private static final String FIND = """
            SELECT id FROM trayb_finished_jobs
             WHERE queue = :queue AND state = :state
               AND (CAST(:type AS text) IS NULL OR type = :type)
               AND (CAST(:afterMs AS bigint) IS NULL OR finished_at > to_timestamp(:afterMs / 1000.0))
             ORDER BY finished_at, id
             LIMIT :limit
            """;

    private Revivals() {}

    /** Puts these jobs back; returns those that it could put back. */
    public static List<Job> revive(Handle handle, List<UUID> ids) {
        return handle.createQuery(REVIVE)
                .bind("ids", SqlArray.of(UUID.class, ids))
                .map(JobRows.LIVE)
                .list();
    }

    /** The jobs that pass a filter. */
    public static List<UUID> find(Handle handle, Filter filter) {
        return handle.createQuery(FIND)
                .bind("queue", filter.queue())
                .bind("state", filter.state().wireName())
                .bind("type", filter.type())
                .bind(
                        "afterMs",
                        filter.finishedAfter() == null
                                ? null
                                : filter.finishedAfter().toEpochMilli())
                .bind("limit", filter.limit())
                .mapTo(UUID.class)
                .list();
    }
}
