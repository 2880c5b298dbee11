package io.trayb.jobs.store;

import io.trayb.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Delayed jobs whose time has come. */
public final class DueJobs {
    // Rides trayb_jobs_delayed; skips what another node is just making ready.
    private static final String PROMOTE = """
            WITH due AS MATERIALIZED (
                SELECT id FROM trayb_jobs
                 WHERE state = 'delayed' AND run_at <= now()
                 ORDER BY run_at, id
                 LIMIT :limit
                   FOR UPDATE SKIP LOCKED)
            UPDATE trayb_jobs AS job
               SET state = 'waiting', ready_at = job.run_at
             WHERE job.id = ANY(ARRAY(SELECT id FROM due))
            RETURNING job.*
            """;

    private static final String NEXT = """
            SELECT CAST(ceil(extract(epoch FROM run_at - now()) * 1000) AS bigint)
              FROM trayb_jobs
             WHERE state = 'delayed'
             ORDER BY run_at, id
             LIMIT 1
            """;

    private DueJobs() {}

    /** Makes up to {@code limit} due jobs ready. */
    public static List<Job> promote(Handle handle, int limit) {
        return handle.createQuery(PROMOTE)
                .bind("limit", limit)
                .map(JobRows.LIVE)
                .list();
    }

    /** How long until the next one is due; zero or less if one is due already, empty if none is delayed. */
    public static Optional<Duration> untilNext(Handle handle) {
        return handle.createQuery(NEXT).mapTo(Long.class).findOne().map(Duration::ofMillis);
    }
}
