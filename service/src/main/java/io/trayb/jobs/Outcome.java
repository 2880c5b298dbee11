package io.trayb.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one start of a job ended. */
public sealed interface Outcome {
    /** @param result JSON text, or null */
    record Completed(@Nullable String result) implements Outcome {}

    /**
     * The attempt failed; the job is tried again if attempts are left.
     *
     * @param retryAfter the delay before the next attempt
     */
    record AttemptFailed(String message, Duration retryAfter, boolean timedOut) implements Outcome {}

    /** The job failed for good, whatever attempts are left. */
    record FailedForGood(String message) implements Outcome {}

    /** The start is given back and doesn't count as an attempt: the process stops. */
    record Returned() implements Outcome {}
}
