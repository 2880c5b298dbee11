package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.RemoteLease;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Starts jobs of queues that have limits, and never more than these allow.
 *
 * <p>Who claims holds an advisory lock of the queue until its commit, so that between two counts nothing is started that the
 * second one doesn't see. The lock is taken by a statement of its own: in READ COMMITTED a statement sees what was committed
 * when it began, so one that took the lock itself could have begun before the last claim was committed. Nobody waits for the
 * lock: whoever doesn't get it leaves the queue to the one who has it. No row is updated to count.
 */
public final class LimitedClaims {
    private static final String NAMES = """
            SELECT name FROM trayb_queues WHERE max_active IS NOT NULL OR max_starts_per_second IS NOT NULL
            """;

    // Locks the queues that have limits and something waiting, until the commit; leaves out those that another claim
    // has locked. The table's number keeps apart the queues of two schemas in one database. Rides trayb_jobs_waiting.
    private static final String LOCK = """
            WITH wanted AS MATERIALIZED (
                SELECT queue.name, queue.tableoid
                  FROM trayb_queues AS queue
                 WHERE (CAST(:queue AS text) IS NULL OR queue.name = :queue) AND NOT queue.paused
                   AND (queue.max_active IS NOT NULL OR queue.max_starts_per_second IS NOT NULL)
                   AND EXISTS (SELECT FROM trayb_jobs AS job WHERE job.state = 'waiting' AND job.queue = queue.name)),
            tried AS MATERIALIZED (
                SELECT name, pg_try_advisory_xact_lock(hashtextextended(name, CAST(tableoid AS bigint))) AS locked
                  FROM wanted)
            SELECT name FROM tried WHERE locked
            """;

    // How many jobs of queue.name are active. Rides trayb_jobs_held, process by process, and under none for remote
    // workers.
    private static final String ACTIVE = """
            ((SELECT count(*)
                FROM trayb_processes AS process
               CROSS JOIN LATERAL (SELECT FROM trayb_jobs AS job
                                    WHERE job.state = 'active' AND job.process_id = process.id
                                      AND job.queue = queue.name) AS held)
             + (SELECT count(*)
                  FROM trayb_jobs AS job
                 WHERE job.state = 'active' AND job.process_id IS NULL
                   AND job.queue = queue.name))
            """;

    // How many jobs of queues that this transaction has locked may start: what the limits leave, at most perQueue.
    // Starts of the last second are counted in trayb_limited_starts_by_queue. A start counts for one second exactly, by
    // the database's clock, which is read once and after the lock, so that it rises from claim to claim; should it be
    // set back, starts that lie in the future by more than a second are of no account.
    private static final String ROOM = """
            moment AS MATERIALIZED (
                SELECT clock_timestamp() AS now),
            room AS MATERIALIZED (
                SELECT queue.name, queue.max_starts_per_second IS NOT NULL AS paced,
                       greatest(0, least(
                           :perQueue,
                           queue.max_active - CASE WHEN queue.max_active IS NOT NULL THEN
            """ + ACTIVE + """
                           END,
                           queue.max_starts_per_second - CASE WHEN queue.max_starts_per_second IS NOT NULL THEN
                               (SELECT coalesce(sum(start.starts), 0)
                                  FROM trayb_limited_starts AS start
                                 WHERE start.queue = queue.name
                                   AND start.started_at > moment.now - interval '1 second'
                                   AND start.started_at < moment.now + interval '1 second') END)) AS free
                  FROM trayb_queues AS queue
                 CROSS JOIN moment
                 WHERE queue.name = ANY(:locked) AND NOT queue.paused
                   AND (queue.max_active IS NOT NULL OR queue.max_starts_per_second IS NOT NULL)),
            """;

    // Starts jobs of queues that this transaction has locked; for the rest as the claim of a process (Claims).
    private static final String CLAIM = """
            WITH alive AS MATERIALIZED (
                SELECT id FROM trayb_processes WHERE id = :processId FOR KEY SHARE),
            """ + ROOM + """
            turns AS MATERIALIZED (
                SELECT * FROM room WHERE free > 0 ORDER BY name <= :after, name),
            last AS MATERIALIZED (
                SELECT job.id, turn.name, turn.paced
                  FROM alive
                 CROSS JOIN trayb_jobs AS job
                  JOIN turns AS turn ON turn.name = job.queue
                 WHERE job.last_life AND job.state >= 'waiting' AND job.type = ANY(:types)
                   AND NOT EXISTS (SELECT FROM trayb_jobs AS held
                                    WHERE held.last_life AND held.state <= 'active' AND held.process_id = :processId)
                 ORDER BY job.priority, job.ready_at, job.id
                 LIMIT 1
                   FOR UPDATE OF job SKIP LOCKED),
            taken AS MATERIALIZED (
                SELECT id, name, paced FROM last
                 UNION ALL
                (SELECT ready.id, turn.name, turn.paced
                   FROM alive
                  CROSS JOIN (SELECT name, paced, free - (SELECT count(*) FROM last WHERE last.name = turns.name) AS free
                                FROM turns) AS turn
                  CROSS JOIN LATERAL (
                        SELECT next.id
                          FROM unnest(:types) AS known (type)
                         CROSS JOIN LATERAL (
                               SELECT job.id, job.priority, job.ready_at
                                 FROM trayb_jobs AS job
                                WHERE job.state = 'waiting' AND job.queue = turn.name AND job.type = known.type
                                  AND NOT job.last_life
                                ORDER BY job.priority, job.ready_at, job.id
                                LIMIT turn.free
                                  FOR UPDATE SKIP LOCKED) AS next
                         ORDER BY next.priority, next.ready_at, next.id
                         LIMIT turn.free) AS ready
                  LIMIT :limit - (SELECT count(*) FROM last))),
            noted AS (
                INSERT INTO trayb_limited_starts (queue, started_at, starts)
                SELECT taken.name, moment.now, count(*) FROM taken CROSS JOIN moment
                 WHERE taken.paced GROUP BY taken.name, moment.now)
            UPDATE trayb_jobs AS job
               SET state = 'active', attempt = job.attempt + 1, started_at = (SELECT now FROM moment), progress = NULL,
                   lease_id = DEFAULT, process_id = :processId, worker = :worker
             WHERE job.id = ANY(ARRAY(SELECT id FROM taken))
            RETURNING job.*
            """;

    // As CLAIM, of one queue and for a remote worker, whose lease is of its own; one that names no types takes any.
    private static final String LEASE =
            """
            WITH
            """ + ROOM + """
            """ + RemoteLeases.LAST_LIFE.formatted("(SELECT FROM room WHERE free > 0) AS free") + """
            taken AS MATERIALIZED (
                SELECT last.id, room.paced FROM last CROSS JOIN room
                 UNION ALL
                SELECT ready.id, room.paced
                  FROM room
                 CROSS JOIN LATERAL (
                       SELECT next.id
                         FROM unnest(:types) AS known (type)
                        CROSS JOIN LATERAL (
                              SELECT job.id, job.priority, job.ready_at
                                FROM trayb_jobs AS job
                               WHERE job.state = 'waiting' AND job.queue = :queue AND job.type = known.type
                                 AND NOT job.last_life AND NOT EXISTS (SELECT FROM last)
                               ORDER BY job.priority, job.ready_at, job.id
                               LIMIT room.free
                                 FOR UPDATE SKIP LOCKED) AS next
                        ORDER BY next.priority, next.ready_at, next.id
                        LIMIT room.free) AS ready
                 UNION ALL
                SELECT ready.id, room.paced
                  FROM room
                 CROSS JOIN LATERAL (
                       SELECT job.id
                         FROM trayb_jobs AS job
                        WHERE cardinality(:types) = 0 AND job.state = 'waiting' AND job.priority >= 0 AND job.queue = :queue
                          AND NOT job.last_life AND NOT EXISTS (SELECT FROM last)
                        ORDER BY job.priority, job.ready_at, job.id
                        LIMIT room.free
                          FOR UPDATE SKIP LOCKED) AS ready),
            noted AS (
                INSERT INTO trayb_limited_starts (queue, started_at, starts)
                SELECT :queue, moment.now, count(*) FROM taken CROSS JOIN moment
                 WHERE taken.paced GROUP BY moment.now)
            UPDATE trayb_jobs AS job
               SET state = 'active', attempt = job.attempt + 1, started_at = (SELECT now FROM moment), progress = NULL,
                   lease_id = DEFAULT, process_id = NULL, worker = :worker, lease_ms = :leaseMs,
                   lease_expires_at = (SELECT now FROM moment) + :leaseMs * interval '1 millisecond'
             WHERE job.id = ANY(ARRAY(SELECT id FROM taken))
            RETURNING job.*
            """;

    // When it is worth looking again, of the queues on which a job of these types waits: at once where there is room (a
    // claim that was under way had the lock); when the first start of the last second is a second old; or, where as
    // many are active as may be, after a second, since whoever ends one of them tells.
    private static final String UNTIL_ROOM = """
            SELECT CAST(min(CASE WHEN room.active >= room.max_active THEN 1000
                                 WHEN room.starts >= room.max_starts_per_second
                                 THEN ceil(extract(epoch FROM room.first_start - clock_timestamp()) * 1000) + 1000
                                 ELSE 0 END) AS bigint)
              FROM (SELECT queue.max_active, queue.max_starts_per_second, second.starts, second.first_start,
            """ + ACTIVE + """
                           AS active
                      FROM trayb_queues AS queue
                     CROSS JOIN LATERAL (
                           SELECT coalesce(sum(start.starts), 0) AS starts, min(start.started_at) AS first_start
                             FROM trayb_limited_starts AS start
                            WHERE start.queue = queue.name
                              AND start.started_at > clock_timestamp() - interval '1 second'
                              AND start.started_at < clock_timestamp() + interval '1 second') AS second
                     WHERE (CAST(:queue AS text) IS NULL OR queue.name = :queue) AND NOT queue.paused
                       AND (queue.max_active IS NOT NULL OR queue.max_starts_per_second IS NOT NULL)
                       AND EXISTS (SELECT FROM trayb_jobs AS job
                                    WHERE job.state = 'waiting' AND job.queue = queue.name
                                      AND (cardinality(:types) = 0 OR job.type = ANY(:types)))) AS room
            """;

    // The table holds a minute's claims: read whole. What lies in the future was written before the clock was set back.
    private static final String FORGET = """
            DELETE FROM trayb_limited_starts
             WHERE started_at < now() - interval '1 minute' OR started_at > now() + interval '1 minute'
            """;

    private LimitedClaims() {}

    /** The queues that have limits. */
    public static Set<String> names(Handle handle) {
        return handle.createQuery(NAMES).mapTo(String.class).collectIntoSet();
    }

    /**
     * Starts waiting jobs of the given types on queues that have limits. To be called in a transaction of its own (READ
     * COMMITTED), since others leave these queues alone until its commit.
     *
     * @param after the queue that was served last; the next in the order of names comes first
     * @param perQueue how many of one queue at most
     * @return what was started, in no particular order
     */
    public static List<LeasedJob> claim(
            Handle handle,
            long processId,
            String worker,
            Collection<String> types,
            String after,
            int perQueue,
            int limit) {
        List<String> locked = lock(handle, null);
        if (locked.isEmpty()) {
            return List.of();
        }
        return handle.createQuery(CLAIM)
                .bind("processId", processId)
                .bind("worker", worker)
                .bind("types", SqlArray.of(String.class, types))
                .bind("locked", SqlArray.of(String.class, locked))
                .bind("after", after)
                .bind("perQueue", perQueue)
                .bind("limit", limit)
                .map(JobRows.LEASED)
                .list();
    }

    /**
     * Starts waiting jobs of a queue that has limits, for a remote worker; of all types if none is named. To be called in a
     * transaction of its own, as {@link #claim}.
     */
    public static List<RemoteLease> lease(
            Handle handle, String queue, String worker, int limit, Duration lease, Collection<String> types) {
        List<String> locked = lock(handle, queue);
        if (locked.isEmpty()) {
            return List.of();
        }
        return handle.createQuery(LEASE)
                .bind("queue", queue)
                .bind("worker", worker)
                .bind("locked", SqlArray.of(String.class, locked))
                .bind("perQueue", limit)
                .bind("leaseMs", lease.toMillis())
                .bind("types", SqlArray.of(String.class, types))
                .map(RemoteLeases.MAPPER)
                .list();
    }

    /**
     * How long until another look may find room under the limits; zero or less if there is room now, empty if no job waits for
     * any.
     *
     * @param queue of this queue only, or null
     * @param types of jobs that are looked for; empty for all
     */
    public static Optional<Duration> untilRoom(Handle handle, @Nullable String queue, Collection<String> types) {
        return handle.createQuery(UNTIL_ROOM)
                .bind("queue", queue)
                .bind("types", SqlArray.of(String.class, types))
                .mapTo(Long.class)
                .findOne()
                .map(Duration::ofMillis);
    }

    /** Forgets starts that no limit counts any more; returns how many rows there were. */
    public static int forgetOld(Handle handle) {
        return handle.createUpdate(FORGET).execute();
    }

    private static List<String> lock(Handle handle, @Nullable String queue) {
        return handle.createQuery(LOCK).bind("queue", queue).mapTo(String.class).list();
    }
}
