package io.trayb.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Runs jobs of one type. This is the extension point: implementations are found by {@link java.util.ServiceLoader}, so a jar
 * on the class path with a {@code META-INF/services/io.trayb.jobs.JobHandler} entry adds its types.
 *
 * <p>One instance is shared by all worker threads: it must be thread-safe. A job may run more than once (a process can die
 * after the work and before the commit), so work that must not happen twice is keyed by {@link JobContext#idempotencyKey()}.
 *
 * @param <P> what the payload is bound to, by Jackson; {@link com.fasterxml.jackson.databind.JsonNode} takes anything. A
 *     payload that is JSON's null is bound to null ({@code JsonNode}: to a null node). Must be named by the implementing class
 *     (a lambda's can't be known)
 */
public interface JobHandler<P extends @Nullable Object> {
    /** The job type that this handler runs, {@code [A-Za-z0-9][A-Za-z0-9._:-]{0,99}}. Constant. */
    String type();

    /**
     * Does the work of one attempt.
     *
     * <p>The thread is interrupted when the job is cancelled, times out, loses its lease or is returned at shutdown;
     * whatever the handler does after that is discarded.
     *
     * @return the job's result, written as JSON (at most 256 KiB), or null
     * @throws JobFailure to say how the failure is to be treated
     * @throws Exception anything else fails this attempt; it is retried with exponential backoff while attempts are left
     */
    @Nullable
    Object run(P payload, JobContext job) throws Exception;
}
