package io.trayb.jobs;

import org.jspecify.annotations.Nullable;

/**
 * A queue at one moment.
 *
 * @param maxActive how many of its jobs may run at once over all nodes; null for any number
 * @param maxStartsPerSecond how many of its jobs may start within any second over all nodes; null for any number
 * @param waiting jobs that are ready
 * @param delayed jobs whose time has not come
 * @param active jobs that are running
 * @param failed failed jobs in the history
 * @param oldestWaitingMs how long the job that is ready longest has waited, in milliseconds; null when none waits
 */
public record QueueState(
        String name,
        boolean paused,
        @Nullable Integer maxActive,
        @Nullable Integer maxStartsPerSecond,
        long waiting,
        long delayed,
        long active,
        long failed,
        @Nullable Long oldestWaitingMs) {}
