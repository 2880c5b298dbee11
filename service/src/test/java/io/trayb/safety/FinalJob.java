package io.trayb.safety;

import org.jspecify.annotations.Nullable;

/**
 * One row of the job tables when all was over. Times in microseconds.
 *
 * @param tag of the submission that it came from
 * @param resultStart the start that completed it, or null
 * @param resultAttempt which attempt that start believed to be; 0 if there is no result
 */
record FinalJob(
        String id,
        String queue,
        String type,
        String state,
        int attempt,
        int maxAttempts,
        long timeoutMs,
        @Nullable String tag,
        @Nullable String uniqueKey,
        @Nullable String resultStart,
        int resultAttempt,
        @Nullable String error,
        long createdAt,
        @Nullable Long startedAt,
        @Nullable Long finishedAt) {

    boolean isFinished() {
        return finishedAt != null;
    }
}
