package io.trayb.jobs.store;

import io.trayb.database.KeptPlans;
import io.trayb.database.SqlArray;
import io.trayb.jobs.Job;
import io.trayb.jobs.LeasedJob;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Starts jobs: hands them to a process under a lease. */
public final class Claims {
    // Holds the process's row against deletion until the commit (FOR KEY SHARE lets it beat): a process whose lease is
    // being ended can't start anything that nobody would free.
    //
    // Leaves queues with limits to LimitedClaims. Goes round the others from the one after `after`, taking at most
    // `perQueue` of each, so that a full queue doesn't starve the others. Within a queue: by priority, then by the time
    // of becoming ready. Looks type by type (index trayb_jobs_waiting_by_type), so that however many jobs of types that
    // nobody here knows aren't even passed by; of a queue with several known types it locks some rows more than it
    // takes. Locks what it takes and skips what others are taking.
    //
    // Of each queue and type it looks at the stretches of the index that the floors leave (Floors), one after the other
    // and no further than it needs; at the whole where there is no floor.
    //
    // Of the jobs that their next lost lease fails it takes one, unless the process holds one already
    // (trayb_jobs_last_life): which of two has killed the process nobody could tell. There `state >= 'waiting'` is
    // 'waiting', the last of the states, and `state <= 'active'` the first: said so, since with `=` other indexes would
    // do too, and a planner that takes the table for small takes one of them, and passes by all that is dead in it.
    // MATERIALIZED and = ANY(ARRAY(…)), since a LIMIT under a join may be run twice and would then take more than asked
    // for.
    private static final String CLAIM = """
            WITH alive AS MATERIALIZED (
                SELECT id FROM trayb_processes WHERE id = :processId FOR KEY SHARE),
            last AS MATERIALIZED (
                SELECT job.id
                  FROM alive
                 CROSS JOIN trayb_jobs AS job
                  JOIN trayb_queues AS queue
                    ON queue.name = job.queue AND NOT queue.paused
                   AND queue.max_active IS NULL AND queue.max_starts_per_second IS NULL
                 WHERE job.last_life AND job.state >= 'waiting' AND job.type = ANY(:types)
                   AND NOT EXISTS (SELECT FROM trayb_jobs AS held
                                    WHERE held.last_life AND held.state <= 'active' AND held.process_id = :processId)
                 ORDER BY job.priority, job.ready_at, job.id
                 LIMIT 1
                   FOR UPDATE OF job SKIP LOCKED),
            taken AS MATERIALIZED (
                SELECT ready.id
                  FROM alive
                 CROSS JOIN (SELECT name FROM trayb_queues
                              WHERE NOT paused AND max_active IS NULL AND max_starts_per_second IS NULL
                              ORDER BY name <= :after, name) AS queue
                 CROSS JOIN LATERAL (
                       SELECT next.id
                         FROM unnest(:types) AS known (type)
                        CROSS JOIN LATERAL (
                              SELECT found.id, found.priority, found.ready_at
                                FROM (SELECT CAST(part ->> 0 AS smallint) AS priority,
                                             CAST(part ->> 1 AS timestamptz) AS ready_at,
                                             CAST(part ->> 2 AS uuid) AS id,
                                             CAST(part ->> 3 AS smallint) AS until
                                        FROM jsonb_array_elements(coalesce(
                                                 CAST(:stretches AS jsonb) -> queue.name -> known.type,
                                                 '[[0, "-infinity", "00000000-0000-0000-0000-000000000000", 10]]'))
                                             WITH ORDINALITY AS stretch (part, number)
                                       ORDER BY number) AS stretch
                               CROSS JOIN LATERAL (
                                     SELECT job.id, job.priority, job.ready_at
                                       FROM trayb_jobs AS job
                                      WHERE job.state = 'waiting' AND job.queue = queue.name AND job.type = known.type
                                        AND (job.priority, job.ready_at, job.id)
                                            >= (stretch.priority, stretch.ready_at, stretch.id)
                                        AND job.priority < stretch.until
                                        AND NOT job.last_life
                                      ORDER BY job.priority, job.ready_at, job.id
                                      LIMIT :perQueue
                                        FOR UPDATE SKIP LOCKED) AS found
                               LIMIT :perQueue) AS next
                        ORDER BY next.priority, next.ready_at, next.id
                        LIMIT :perQueue) AS ready
                 LIMIT :limit - (SELECT count(*) FROM last))
            UPDATE trayb_jobs AS job
               SET state = 'active', attempt = job.attempt + 1, started_at = now(), progress = NULL,
                   lease_id = DEFAULT, process_id = :processId, worker = :worker
             WHERE job.id = ANY(ARRAY(SELECT id FROM last UNION ALL SELECT id FROM taken))
            RETURNING job.*
            """;

    // Which of these leases are no longer current: cancelled, expired or taken by another. Rides the primary key.
    private static final String LOST = """
            SELECT held.lease_id
              FROM unnest(:ids, :leaseIds) AS held (id, lease_id)
             WHERE NOT EXISTS (SELECT FROM trayb_jobs AS job
                                WHERE job.id = held.id AND job.lease_id = held.lease_id)
            """;

    // Gives back what this process holds and doesn't know of: the answer to a claim was lost after its commit. The
    // start isn't counted. Rides trayb_jobs_held.
    private static final String GIVE_BACK_UNKNOWN = """
            WITH unknown AS MATERIALIZED (
                SELECT id FROM trayb_jobs
                 WHERE state = 'active' AND process_id = :processId AND NOT (lease_id = ANY(:known))
                 ORDER BY id
                   FOR UPDATE)
            UPDATE trayb_jobs AS job
               SET state = 'waiting', attempt = job.attempt - 1, started_at = NULL, progress = NULL,
                   lease_id = NULL, process_id = NULL, lease_ms = NULL, lease_expires_at = NULL, worker = NULL
              FROM unknown
             WHERE job.id = unknown.id
            RETURNING job.*
            """;

    // Writes how far running jobs are. Fenced by the lease; keeps to the page (no index has progress).
    private static final String PROGRESS = """
            WITH said AS (
                SELECT * FROM unnest(:ids, :leaseIds, :progresses) AS said (id, lease_id, progress)),
            held AS MATERIALIZED (
                SELECT job.id, said.progress
                  FROM trayb_jobs AS job JOIN said ON said.id = job.id AND said.lease_id = job.lease_id
                 ORDER BY job.id
                   FOR UPDATE OF job)
            UPDATE trayb_jobs AS job SET progress = held.progress FROM held WHERE job.id = held.id
            """;

    private Claims() {}

    /**
     * Starts up to {@code limit} waiting jobs of the given types.
     *
     * @param floors where to begin to look
     * @param after the queue that was served last; the next in the order of names comes first
     * @param perQueue how many of one queue at most
     * @return what was started, in no particular order
     */
    public static List<LeasedJob> claim(
            Handle handle,
            long processId,
            String worker,
            Collection<String> types,
            Floors floors,
            String after,
            int perQueue,
            int limit) {
        return handle.createQuery(CLAIM)
                .addCustomizer(KeptPlans.KEEP)
                .bind("processId", processId)
                .bind("worker", worker)
                .bind("types", SqlArray.of(String.class, types))
                .bind("stretches", floors.stretches())
                .bind("after", after)
                .bind("perQueue", perQueue)
                .bind("limit", limit)
                .map(JobRows.LEASED)
                .list();
    }

    /** The lease ids among these that are no longer current. */
    public static List<Long> lost(Handle handle, Collection<LeasedJob> held) {
        return handle.createQuery(LOST)
                .bind(
                        "ids",
                        SqlArray.of(
                                UUID.class,
                                held.stream().map(lease -> lease.job().id()).toList()))
                .bind(
                        "leaseIds",
                        SqlArray.of(
                                Long.class,
                                held.stream().map(LeasedJob::leaseId).toList()))
                .mapTo(Long.class)
                .list();
    }

    /** Gives back what a process holds under other leases than these. */
    public static List<Job> giveBackUnknown(Handle handle, long processId, Collection<Long> known) {
        return handle.createQuery(GIVE_BACK_UNKNOWN)
                .bind("processId", processId)
                .bind("known", SqlArray.of(Long.class, known))
                .map(JobRows.LIVE)
                .list();
    }

    /** Keeps how far jobs are; those whose lease is no longer current are left as they are. */
    public static void keepProgress(Handle handle, List<LeasedJob> leases, List<Integer> progresses) {
        handle.createUpdate(PROGRESS)
                .bind(
                        "ids",
                        SqlArray.of(
                                UUID.class,
                                leases.stream().map(lease -> lease.job().id()).toList()))
                .bind(
                        "leaseIds",
                        SqlArray.of(
                                Long.class,
                                leases.stream().map(LeasedJob::leaseId).toList()))
                .bind("progresses", SqlArray.of(Integer.class, progresses))
                .execute();
    }
}
