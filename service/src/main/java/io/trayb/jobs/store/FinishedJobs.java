package io.trayb.jobs.store;

/** How a job goes into the history. */
final class FinishedJobs {
    /** Begins the insertion; a SELECT of these columns, in this order, follows. */
    static final String INSERT = """
            INSERT INTO trayb_finished_jobs (id, queue, type, state, priority, payload, attempt, max_attempts, timeout_ms,
                                             run_at, progress, result, error_message, error_attempt, error_at, unique_key,
                                             created_at, started_at, finished_at)
            """;

    private FinishedJobs() {}
}
