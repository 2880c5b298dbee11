package io.trayb.jobs.store;

import io.trayb.jobs.Job;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Ends jobs on request. */
public final class Cancellations {
    // Takes the row away from whoever holds it: a later outcome finds no lease. Waits for a transaction that is just
    // writing the job's outcome, and then finds nothing.
    private static final String CANCEL = """
            WITH gone AS (
                DELETE FROM trayb_jobs WHERE id = :id RETURNING *)
            """ + FinishedJobs.INSERT + """
            SELECT id, queue, type, 'cancelled', priority, payload, attempt, max_attempts, timeout_ms,
                   run_at, progress, NULL, error_message, error_attempt, error_at, unique_key,
                   created_at, started_at, now()
              FROM gone
            RETURNING *
            """;

    private Cancellations() {}

    /** Cancels an unfinished job; empty if there is none with this id. */
    public static Optional<Job> cancel(Handle handle, UUID id) {
        return handle.createQuery(CANCEL).bind("id", id).map(JobRows.ANY).findOne();
    }
}
