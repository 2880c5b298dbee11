package io.trayb.safety;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a client asked for, and what it knows of its fate.
 *
 * @param began and {@code ended}: when it was sent and when its fate was known, in microseconds
 * @param entries what was submitted; empty for all but {@link Kind#SUBMIT}
 * @param jobs the ids that were answered (SUBMIT), or those of the jobs that it was about
 * @param key the idempotency key (SUBMIT), the queue (REPLAY) or the start (EXTEND, COMPLETE, FAIL); null for none
 * @param leaseMs how long a lease was extended for (EXTEND)
 * @param status of the answer; 0 if there was none
 * @param note what the answer said, shortened, or what was lost
 */
record Operation(
        String client,
        Kind kind,
        long began,
        long ended,
        Fate fate,
        List<Entry> entries,
        List<String> jobs,
        @Nullable String key,
        long leaseMs,
        int status,
        String note) {

    enum Kind {
        SUBMIT,
        CANCEL,
        RETRY,
        REPLAY,
        EXTEND,
        COMPLETE,
        /** For good: without a retry. */
        FAIL
    }

    enum Fate {
        /** It was done. */
        OK,
        /** It was not done, and never will be. */
        REFUSED,
        /** Done or not, or still to be done. */
        UNKNOWN
    }

    /**
     * One job of a submission.
     *
     * @param tag drawn anew for each job that is asked for; the job carries it in its payload
     */
    record Entry(String tag, @Nullable String uniqueKey) {}

    boolean isAbout(String job) {
        return jobs.contains(job);
    }
}
