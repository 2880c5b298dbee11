package io.trayb.jobs.queue;

import io.trayb.jobs.Job;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.store.Processes;

/**
 * Hears of every transition after its commit. Called on the thread that made it: implementations count, and never block or
 * throw.
 */
public interface JobObserver {
    /** Hears and does nothing. */
    JobObserver NONE = new JobObserver() {};

    default void submitted(Job job) {}

    /** One transaction added so many jobs. */
    default void accepted(int jobs) {}

    /** One transaction is about to write so many outcomes. */
    default void writing(int outcomes) {}

    default void started(LeasedJob lease) {}

    default void completed(Job job, long durationMs) {}

    /** An attempt failed; {@code job} is delayed when it will be tried again, else failed. */
    default void attemptFailed(Job job, boolean timedOut) {}

    /** The job failed for good. */
    default void failed(Job job) {}

    default void cancelled(Job job) {}

    /** Processes were declared dead. */
    default void reaped(Processes.Reaped reaped) {}

    /**
     * An outcome was refused, since its lease was no longer current.
     *
     * @param job what it was about, as it was when it was started or as it is now
     */
    default void leaseConflict(Job job) {}
}
