package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import io.trayb.jobs.Job;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.RemoteLease;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** The leases of remote workers: one for each job. */
public final class RemoteLeases {
    static final RowMapper<RemoteLease> MAPPER = (row, context) -> new RemoteLease(
            JobRows.LEASED.map(row, context),
            row.getTimestamp("lease_expires_at").toInstant());

    // A job that two leases were lost on goes out alone, and to a worker that has no other of these: which of two has
    // killed it nobody could tell. First of all, as it fails nobody but itself. Rides trayb_jobs_last_life, as Claims
    // says.
    static final String LAST_LIFE = """
            last AS MATERIALIZED (
                SELECT job.id
                  FROM %s
                 CROSS JOIN trayb_jobs AS job
                 WHERE job.last_life AND job.state >= 'waiting' AND job.queue = :queue
                   AND (cardinality(:types) = 0 OR job.type = ANY(:types))
                   AND NOT EXISTS (SELECT FROM trayb_jobs AS held
                                    WHERE held.last_life AND held.state <= 'active' AND held.process_id IS NULL
                                      AND held.worker = :worker)
                 ORDER BY job.priority, job.ready_at, job.id
                 LIMIT 1
                   FOR UPDATE OF job SKIP LOCKED),
            """;

    // As the claim of a process (Claims), of one queue that has no limits (LimitedClaims has those that do). Rides
    // trayb_jobs_waiting; skips what others are taking.
    private static final String CLAIM = """
            WITH open AS MATERIALIZED (
                SELECT
                 WHERE NOT EXISTS (SELECT FROM trayb_queues AS queue
                                    WHERE queue.name = :queue
                                      AND (queue.paused OR queue.max_active IS NOT NULL
                                           OR queue.max_starts_per_second IS NOT NULL))),
            """ + LAST_LIFE.formatted("open") + """
            taken AS MATERIALIZED (
                SELECT id FROM last
                 UNION ALL
                SELECT ready.id
                  FROM open
                 CROSS JOIN LATERAL (
                       SELECT next.id
                         FROM unnest(:types) AS known (type)
                        CROSS JOIN LATERAL (
                              SELECT job.id, job.priority, job.ready_at
                                FROM trayb_jobs AS job
                               WHERE job.state = 'waiting' AND job.queue = :queue AND job.type = known.type
                                 AND NOT job.last_life AND NOT EXISTS (SELECT FROM last)
                               ORDER BY job.priority, job.ready_at, job.id
                               LIMIT :limit
                                 FOR UPDATE SKIP LOCKED) AS next
                        ORDER BY next.priority, next.ready_at, next.id
                        LIMIT :limit) AS ready
                 UNION ALL
                SELECT ready.id
                  FROM open
                 CROSS JOIN LATERAL (
                       SELECT job.id
                         FROM trayb_jobs AS job
                        WHERE cardinality(:types) = 0 AND job.state = 'waiting' AND job.priority >= 0 AND job.queue = :queue
                          AND NOT job.last_life AND NOT EXISTS (SELECT FROM last)
                        ORDER BY job.priority, job.ready_at, job.id
                        LIMIT :limit
                          FOR UPDATE SKIP LOCKED) AS ready)
            UPDATE trayb_jobs AS job
               SET state = 'active', attempt = job.attempt + 1, started_at = now(), progress = NULL,
                   lease_id = DEFAULT, process_id = NULL, worker = :worker,
                   lease_ms = :leaseMs, lease_expires_at = now() + :leaseMs * interval '1 millisecond'
             WHERE job.id = ANY(ARRAY(SELECT id FROM taken))
            RETURNING job.*
            """;

    private static final String EXTEND = """
            UPDATE trayb_jobs
               SET lease_ms = :leaseMs, lease_expires_at = now() + :leaseMs * interval '1 millisecond',
                   progress = coalesce(:progress, progress)
             WHERE id = :id AND lease_id = :leaseId AND process_id IS NULL
            RETURNING *
            """;

    private static final String FIND = """
            SELECT * FROM trayb_jobs WHERE id = :id AND lease_id = :leaseId AND process_id IS NULL
            """;

    // Rides trayb_jobs_remote. Nobody is judged until the database has been up for as long as the lease: while it was
    // away, no worker could extend anything.
    private static final String BACK_TO_WAITING = """
            WITH expired AS MATERIALIZED (
                SELECT id FROM trayb_jobs
                 WHERE state = 'active' AND process_id IS NULL AND lease_expires_at < now()
                   AND least(lease_ms, 60000) <= :inTouchMs
                   AND pg_postmaster_start_time() < now() - least(lease_ms, 60000) * interval '1 millisecond'
                   AND stalls + 1 < :maxStalls
                 ORDER BY id
                   FOR UPDATE SKIP LOCKED)
            UPDATE trayb_jobs AS job
               SET state = 'waiting', ready_at = now(), stalls = job.stalls + 1,
                   last_life = job.stalls + 2 >= :maxStalls,
                   lease_id = NULL, process_id = NULL, lease_ms = NULL, lease_expires_at = NULL, worker = NULL
              FROM expired
             WHERE job.id = expired.id
            RETURNING job.*
            """;

    private static final String FAIL_STALLED = """
            WITH expired AS MATERIALIZED (
                SELECT id FROM trayb_jobs
                 WHERE state = 'active' AND process_id IS NULL AND lease_expires_at < now()
                   AND least(lease_ms, 60000) <= :inTouchMs
                   AND pg_postmaster_start_time() < now() - least(lease_ms, 60000) * interval '1 millisecond'
                   AND stalls + 1 >= :maxStalls
                 ORDER BY id
                   FOR UPDATE SKIP LOCKED),
            gone AS (
                DELETE FROM trayb_jobs AS job USING expired WHERE job.id = expired.id RETURNING job.*)
            """ + FinishedJobs.INSERT + """
            SELECT id, queue, type, 'failed', priority, payload, attempt, max_attempts, timeout_ms,
                   run_at, progress, NULL, 'lease lost ' || :maxStalls || ' times: each time its worker fell silent',
                   attempt, now(), unique_key, created_at, started_at, now()
              FROM gone
            RETURNING *
            """;

    // The outcome is written under the lease that is found here: if it ends meanwhile, nothing happens.
    private static final String TIMED_OUT = """
            SELECT * FROM trayb_jobs
             WHERE state = 'active' AND process_id IS NULL
               AND started_at + timeout_ms * interval '1 millisecond' < now()
             ORDER BY id
             LIMIT :limit
            """;

    private RemoteLeases() {}

    /** Starts up to {@code limit} waiting jobs of a queue without limits; of all types if none is named. */
    public static List<RemoteLease> claim(
            Handle handle, String queue, String worker, int limit, Duration lease, Collection<String> types) {
        return handle.createQuery(CLAIM)
                .bind("queue", queue)
                .bind("worker", worker)
                .bind("limit", limit)
                .bind("leaseMs", lease.toMillis())
                .bind("types", SqlArray.of(String.class, types))
                .map(MAPPER)
                .list();
    }

    /** Extends a lease; empty if it is no longer current. */
    public static Optional<RemoteLease> extend(
            Handle handle, UUID id, long leaseId, Duration lease, @Nullable Integer progress) {
        return handle.createQuery(EXTEND)
                .bind("id", id)
                .bind("leaseId", leaseId)
                .bind("leaseMs", lease.toMillis())
                .bind("progress", progress)
                .map(MAPPER)
                .findOne();
    }

    /** The job that is held under a lease; empty if that is no longer current. */
    public static Optional<LeasedJob> find(Handle handle, UUID id, long leaseId) {
        return handle.createQuery(FIND)
                .bind("id", id)
                .bind("leaseId", leaseId)
                .map(JobRows.LEASED)
                .findOne();
    }

    /** Frees the jobs whose lease ran out. To be called in a transaction. */
    public static Processes.Reaped reap(Handle handle, int maxStalls, Duration inTouch) {
        List<Job> failed = handle.createQuery(FAIL_STALLED)
                .bind("maxStalls", maxStalls)
                .bind("inTouchMs", inTouch.toMillis())
                .map(JobRows.ANY)
                .list();
        List<Job> waiting = handle.createQuery(BACK_TO_WAITING)
                .bind("maxStalls", maxStalls)
                .bind("inTouchMs", inTouch.toMillis())
                .map(JobRows.LIVE)
                .list();
        return new Processes.Reaped(0, waiting, failed);
    }

    /** Jobs that run longer than they may. */
    public static List<LeasedJob> timedOut(Handle handle, int limit) {
        return handle.createQuery(TIMED_OUT)
                .bind("limit", limit)
                .map(JobRows.LEASED)
                .list();
    }
}
