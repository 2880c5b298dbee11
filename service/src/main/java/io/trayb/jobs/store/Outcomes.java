package io.trayb.jobs.store;

import io.trayb.database.KeptPlans;
import io.trayb.database.SqlArray;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Writes how starts ended. Each statement is fenced: a row whose lease is no longer the one that is shown is left alone, and
 * missing from the answer. Jobs are locked in the order of their ids.
 */
public final class Outcomes {
    // Locks by deleting, one pass less than the others take: in the order of the ids, in which they are given. Should a
    // plan take another order, the deadlock with one who frees a dead process's jobs is resolved and tried again.
    private static final String COMPLETE = """
            WITH gone AS (
                DELETE FROM trayb_jobs AS job
                 USING unnest(:ids, :leaseIds, :progresses, :results) AS said (id, lease_id, progress, result)
                 WHERE job.id = said.id AND job.lease_id = said.lease_id
                RETURNING job.*, coalesce(said.progress, job.progress) AS last_progress, said.result)
            """ + FinishedJobs.INSERT + """
            SELECT id, queue, type, 'completed', priority, payload, attempt, max_attempts, timeout_ms,
                   run_at, last_progress, CAST(result AS json), error_message, error_attempt, error_at, unique_key,
                   created_at, started_at, now()
              FROM gone
            RETURNING id, progress, finished_at
            """;

    private static final String FAIL = """
            WITH said AS (
                SELECT * FROM unnest(:ids, :leaseIds, :progresses, :messages) AS said (id, lease_id, progress, message)),
            held AS MATERIALIZED (
                SELECT job.id, coalesce(said.progress, job.progress) AS progress, said.message
                  FROM trayb_jobs AS job JOIN said ON said.id = job.id AND said.lease_id = job.lease_id
                 ORDER BY job.id
                   FOR UPDATE OF job),
            gone AS (
                DELETE FROM trayb_jobs AS job USING held WHERE job.id = held.id
                RETURNING job.*, held.progress AS last_progress, held.message)
            """ + FinishedJobs.INSERT + """
            SELECT id, queue, type, 'failed', priority, payload, attempt, max_attempts, timeout_ms,
                   run_at, last_progress, NULL, message, attempt, now(), unique_key,
                   created_at, started_at, now()
              FROM gone
            RETURNING *
            """;

    private static final String RETRY = """
            WITH said AS (
                SELECT * FROM unnest(:ids, :leaseIds, :progresses, :messages, :delays)
                           AS said (id, lease_id, progress, message, delay_ms)),
            held AS MATERIALIZED (
                SELECT job.id, said.progress, said.message, now() + said.delay_ms * interval '1 millisecond' AS run_at
                  FROM trayb_jobs AS job JOIN said ON said.id = job.id AND said.lease_id = job.lease_id
                 ORDER BY job.id
                   FOR UPDATE OF job)
            UPDATE trayb_jobs AS job
               SET state = 'delayed', run_at = held.run_at, ready_at = held.run_at,
                   progress = coalesce(held.progress, job.progress),
                   error_message = held.message, error_attempt = job.attempt, error_at = now(),
                   lease_id = NULL, process_id = NULL, lease_ms = NULL, lease_expires_at = NULL, worker = NULL
              FROM held
             WHERE job.id = held.id
            RETURNING job.*
            """;

    // The start isn't counted, and the job keeps its place in the queue.
    private static final String RETURN = """
            WITH said AS (
                SELECT * FROM unnest(:ids, :leaseIds) AS said (id, lease_id)),
            held AS MATERIALIZED (
                SELECT job.id
                  FROM trayb_jobs AS job JOIN said ON said.id = job.id AND said.lease_id = job.lease_id
                 ORDER BY job.id
                   FOR UPDATE OF job)
            UPDATE trayb_jobs AS job
               SET state = 'waiting', attempt = job.attempt - 1, started_at = NULL, progress = NULL,
                   lease_id = NULL, process_id = NULL, lease_ms = NULL, lease_expires_at = NULL, worker = NULL
              FROM held
             WHERE job.id = held.id
            RETURNING job.*
            """;

    private Outcomes() {}

    /** Moves completed jobs to the history; every outcome must be {@link Outcome.Completed}, in the order of the ids. */
    public static List<Job> complete(Handle handle, List<Finish> finishes) {
        Map<UUID, Finish> byId = new HashMap<>();
        finishes.forEach(finish -> byId.put(finish.lease().job().id(), finish));
        return fenced(handle, COMPLETE, finishes)
                .addCustomizer(KeptPlans.KEEP)
                .bind("progresses", SqlArray.of(Integer.class, Column.of(finishes, Finish::progress)))
                .bind("results", SqlArray.of(String.class, Column.of(finishes, finish -> result(finish.outcome()))))
                .map((row, context) -> {
                    Finish finish = Objects.requireNonNull(byId.get(row.getObject("id", UUID.class)));
                    return JobRows.completed(row, finish.lease().job(), result(finish.outcome()));
                })
                .list();
    }

    /** Moves jobs that failed for good to the history. */
    public static List<Job> fail(Handle handle, List<Finish> finishes) {
        return fenced(handle, FAIL, finishes)
                .bind("progresses", SqlArray.of(Integer.class, Column.of(finishes, Finish::progress)))
                .bind("messages", SqlArray.of(String.class, Column.of(finishes, finish -> message(finish.outcome()))))
                .map(JobRows.ANY)
                .list();
    }

    /** Lets jobs wait for their next attempt; every outcome must be {@link Outcome.AttemptFailed}. */
    public static List<Job> retry(Handle handle, List<Finish> finishes) {
        return fenced(handle, RETRY, finishes)
                .bind("progresses", SqlArray.of(Integer.class, Column.of(finishes, Finish::progress)))
                .bind("messages", SqlArray.of(String.class, Column.of(finishes, finish -> message(finish.outcome()))))
                .bind(
                        "delays",
                        SqlArray.of(
                                Long.class,
                                Column.of(
                                        finishes,
                                        finish -> finish.outcome() instanceof Outcome.AttemptFailed failed
                                                ? failed.retryAfter().toMillis()
                                                : 0L)))
                .map(JobRows.LIVE)
                .list();
    }

    /** Gives starts back, uncounted. */
    public static List<Job> giveBack(Handle handle, List<Finish> finishes) {
        return fenced(handle, RETURN, finishes).map(JobRows.LIVE).list();
    }

    private static Query fenced(Handle handle, String sql, List<Finish> finishes) {
        return handle.createQuery(sql)
                .bind(
                        "ids",
                        SqlArray.of(
                                UUID.class,
                                Column.of(
                                        finishes, finish -> finish.lease().job().id())))
                .bind(
                        "leaseIds",
                        SqlArray.of(
                                Long.class,
                                Column.of(finishes, finish -> finish.lease().leaseId())));
    }

    private static @Nullable String result(Outcome outcome) {
        return outcome instanceof Outcome.Completed completed ? completed.result() : null;
    }

    private static @Nullable String message(Outcome outcome) {
        if (outcome instanceof Outcome.AttemptFailed failed) {
            return failed.message();
        }
        return outcome instanceof Outcome.FailedForGood failed ? failed.message() : null;
    }
}
