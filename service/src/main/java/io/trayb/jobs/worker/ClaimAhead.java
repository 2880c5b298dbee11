package io.trayb.jobs.worker;

import java.time.Duration;

/**
 * How many jobs a process may hold beyond those that it runs, so that short jobs don't wait for the database's way there and back.
 * Thread-safe.
 *
 * <p>By Little's law: as many as the slots work off in {@link #COVERED}, by the running average of what a job takes. Jobs that
 * take longer than that are not claimed ahead: they would only wait here, while another process is free for them.
 */
final class ClaimAhead {
    /** What a claim and the commit of an outcome take together, amply: 5 to 20 ms under load. */
    private static final Duration COVERED = Duration.ofMillis(20);
    /** Of the newest job in the average. */
    private static final double WEIGHT = 1.0 / 32;

    private final int slots;
    private final int most;
    /** Before the first job: as if they were long. */
    private double averageNanos = 1e9;

    /**
     * @param slots handlers at once
     * @param most how many jobs may be claimed ahead; 0 for none
     */
    ClaimAhead(int slots, int most) {
        this.slots = slots;
        this.most = most;
    }

    /** A handler took so long. */
    synchronized void ran(long nanos) {
        averageNanos += (nanos - averageNanos) * WEIGHT;
    }

    /** Jobs that were claimed ahead get no thread: what runs takes longer than it did. None is claimed ahead until it is known again. */
    synchronized void stuck() {
        averageNanos = Math.max(averageNanos, (double) slots * COVERED.toNanos() + 1);
    }

    /** How many jobs may be claimed ahead now. */
    synchronized int jobs() {
        return (int) Math.min(most, (double) slots * COVERED.toNanos() / Math.max(1, averageNanos));
    }
}
