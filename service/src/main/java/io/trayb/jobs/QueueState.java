package io.trayb.jobs;

import org.jspecify.annotations.Nullable;

/**
 * A queue at one moment.
 *
 * @param waiting jobs that are ready
 * @param delayed jobs whose time has not come
 * @param active jobs that are running
 * @param failed failed jobs in the history
 * @param oldestWaitingMs how long the job that is ready longest has waited, in milliseconds; null when none waits
 */
public record QueueState(
        String name,
        boolean paused,
        long waiting,
        long delayed,
        long active,
        long failed,
        @Nullable Long oldestWaitingMs) {}
