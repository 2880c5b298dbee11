package io.trayb.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A handler's failure that also says what shall happen next. */
public final class JobFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean permanent;
    private final @Nullable Duration retryAfter;

    private JobFailure(String message, boolean permanent, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.permanent = permanent;
        this.retryAfter = retryAfter;
    }

    /** Fails the job for good, whatever attempts are left. */
    public static JobFailure permanent(String message) {
        return new JobFailure(message, true, null, null);
    }

    /** As {@link #permanent(String)}, with what caused it. */
    public static JobFailure permanent(String message, Throwable cause) {
        return new JobFailure(message, true, null, cause);
    }

    /** Fails this attempt; the next one comes after the usual backoff. */
    public static JobFailure retry(String message) {
        return new JobFailure(message, false, null, null);
    }

    /**
     * Fails this attempt; the next one, if attempts are left, comes after {@code delay} and not after the usual backoff.
     *
     * @throws IllegalArgumentException unless {@code delay} is zero to one year
     */
    public static JobFailure retryAfter(Duration delay) {
        if (delay.isNegative() || delay.compareTo(JobSubmission.MAX_DELAY) > 0) {
            throw new IllegalArgumentException("delay is '" + delay + "', but must be zero to one year");
        }
        return new JobFailure("to be retried after " + delay, false, delay, null);
    }

    public boolean isPermanent() {
        return permanent;
    }

    /** When to try again, or null for the usual backoff. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
