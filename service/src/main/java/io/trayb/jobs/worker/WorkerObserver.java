package io.trayb.jobs.worker;

/** Hears how a worker is doing. Called from its threads: implementations count, and never block or throw. */
public interface WorkerObserver {
    /** Hears and does nothing. */
    WorkerObserver NONE = new WorkerObserver() {};

    /** @param busy slots in use, of {@code total} */
    default void slots(int busy, int total) {}

    /**
     * A claim came back.
     *
     * @param jobs how many it started, often none
     * @param nanoseconds how long it took
     */
    default void claimed(int jobs, long nanoseconds) {}

    /** A handler ignored its interruption; its thread was given up. */
    default void handlerAbandoned() {}

    /** The worker is alive: its loop came round under a lease that it holds. */
    default void beat() {}
}
