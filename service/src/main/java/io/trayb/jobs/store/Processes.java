package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import io.trayb.jobs.Job;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The leases of processes, and what happens to the jobs of a process that lost its own. */
public final class Processes {
    /**
     * What became of the jobs of dead processes.
     *
     * @param processes how many processes were declared dead
     * @param waiting jobs that another process may start now
     * @param failed jobs that had lost their lease too often
     */
    public record Reaped(int processes, List<Job> waiting, List<Job> failed) {
        public static final Reaped NOTHING = new Reaped(0, List.of(), List.of());
    }

    private static final String REGISTER = """
            INSERT INTO trayb_processes (name, works, types, expires_at)
            VALUES (:name, :works, :types, now() + :leaseMs * interval '1 millisecond')
            RETURNING id
            """;

    // One small update whatever the number of jobs that the process holds. No row: the lease is over.
    private static final String BEAT = """
            UPDATE trayb_processes
               SET beat_at = now(), expires_at = now() + :leaseMs * interval '1 millisecond'
             WHERE id = :id
            """;

    // Waits for claims that are at their commit, which hold the row; LEAVE then sees what they have started. In one
    // statement it would not: what it sees was settled before it waited.
    private static final String LOCK = """
            SELECT id FROM trayb_processes WHERE id = :id FOR UPDATE
            """;

    // With the row the jobs would lose who frees them. Rides trayb_jobs_held.
    private static final String LEAVE = """
            DELETE FROM trayb_processes
             WHERE id = :id AND NOT EXISTS (SELECT FROM trayb_jobs WHERE state = 'active' AND process_id = :id)
            """;

    // Whoever deletes the row judges the process; the jobs go back in the same transaction, so that a lease is over
    // exactly when its jobs are free.
    private static final String EXPIRE = """
            DELETE FROM trayb_processes
             WHERE id = ANY(ARRAY(SELECT id FROM trayb_processes
                                   WHERE expires_at < now() AND pg_postmaster_start_time() < now() - :leaseMs * interval '1 millisecond'
                                   ORDER BY id
                                     FOR UPDATE SKIP LOCKED))
            RETURNING id
            """;

    // Rides trayb_jobs_held.
    private static final String BACK_TO_WAITING = """
            WITH held AS MATERIALIZED (
                SELECT id FROM trayb_jobs
                 WHERE state = 'active' AND process_id = ANY(:processIds) AND stalls + 1 < :maxStalls
                 ORDER BY id
                   FOR UPDATE)
            UPDATE trayb_jobs AS job
               SET state = 'waiting', ready_at = now(), stalls = job.stalls + 1,
                   last_life = job.stalls + 2 >= :maxStalls,
                   lease_id = NULL, process_id = NULL, lease_ms = NULL, lease_expires_at = NULL, worker = NULL
              FROM held
             WHERE job.id = held.id
            RETURNING job.*
            """;

    private static final String FAIL_STALLED = """
            WITH held AS MATERIALIZED (
                SELECT id FROM trayb_jobs
                 WHERE state = 'active' AND process_id = ANY(:processIds) AND stalls + 1 >= :maxStalls
                 ORDER BY id
                   FOR UPDATE),
            gone AS (
                DELETE FROM trayb_jobs AS job USING held WHERE job.id = held.id RETURNING job.*)
            """ + FinishedJobs.INSERT + """
            SELECT id, queue, type, 'failed', priority, payload, attempt, max_attempts, timeout_ms,
                   run_at, progress, NULL, 'lease lost ' || :maxStalls || ' times: each time the process that ran it died or froze',
                   attempt, now(), unique_key, created_at, started_at, now()
              FROM gone
            RETURNING *
            """;

    // A handful of rows: one for each process.
    private static final String COUNT = """
            SELECT count(*) FROM trayb_processes WHERE expires_at > now()
            """;

    private Processes() {}

    /**
     * Registers a process and returns the id under which it holds jobs.
     *
     * @param works whether it runs jobs
     * @param types the types that it knows
     */
    public static long register(Handle handle, String name, boolean works, Collection<String> types, Duration lease) {
        return handle.createQuery(REGISTER)
                .bind("name", name)
                .bind("works", works)
                .bind("types", SqlArray.of(String.class, types))
                .bind("leaseMs", lease.toMillis())
                .mapTo(Long.class)
                .one();
    }

    /** How many processes hold a lease now. */
    public static int count(Handle handle) {
        return handle.createQuery(COUNT).mapTo(Integer.class).one();
    }

    /** Extends a process's lease; false if it is over. */
    public static boolean beat(Handle handle, long id, Duration lease) {
        return handle.createUpdate(BEAT)
                        .bind("id", id)
                        .bind("leaseMs", lease.toMillis())
                        .execute()
                == 1;
    }

    /** Ends a lease in good order; false if it still has jobs, and so runs out by itself. */
    public static boolean leave(Handle handle, long id) {
        handle.createQuery(LOCK).bind("id", id).mapTo(Long.class).findOne();
        return handle.createUpdate(LEAVE).bind("id", id).execute() == 1;
    }

    /**
     * Declares processes dead whose lease ran out, and frees their jobs. To be called in a transaction.
     *
     * @param lease nobody is judged until the database itself has been up for so long
     * @param maxStalls the loss of a lease that fails a job
     */
    public static Reaped reap(Handle handle, Duration lease, int maxStalls) {
        List<Long> dead = handle.createQuery(EXPIRE)
                .bind("leaseMs", lease.toMillis())
                .mapTo(Long.class)
                .list();
        if (dead.isEmpty()) {
            return Reaped.NOTHING;
        }
        List<Job> failed = handle.createQuery(FAIL_STALLED)
                .bind("processIds", SqlArray.of(Long.class, dead))
                .bind("maxStalls", maxStalls)
                .map(JobRows.ANY)
                .list();
        List<Job> waiting = handle.createQuery(BACK_TO_WAITING)
                .bind("processIds", SqlArray.of(Long.class, dead))
                .bind("maxStalls", maxStalls)
                .map(JobRows.LIVE)
                .list();
        return new Reaped(dead.size(), waiting, failed);
    }
}
