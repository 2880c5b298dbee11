package io.trayb.pressure;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Measures how long work waits until a thread does it, as what a request waits for before anybody looks at it. Ten times a second a
 * task is handed to the threads that answer requests; and each look itself has a time at which it was due. So a process that was
 * stopped, a long collection of garbage and a machine without processor time to spare show as well as threads that are all busy.
 *
 * <p>What was measured counts for a second: behind a stall stands a queue of what came meanwhile.
 *
 * <p>{@link #look} is for one thread; all else is thread-safe.
 */
final class SchedulingDelay {
    static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration COUNTS_FOR = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private volatile Executor threads = Runnable::run;
    /** When the next look should begin. */
    private volatile long dueNanos;
    /** A task was handed over and nobody has done it yet. */
    private volatile boolean waiting;

    private volatile long handedOverNanos;
    /** Whether the threads have taken the task; only looks ask. */
    private boolean taken;

    private long worstNanos;
    private long worstAtNanos;

    SchedulingDelay(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.dueNanos = nanoTime.getAsLong() + EVERY.toNanos();
        this.worstAtNanos = nanoTime.getAsLong();
    }

    /** Says which threads answer requests. */
    void measures(Executor requestThreads) {
        threads = requestThreads;
    }

    /** The first look is due now; what was before doesn't count. */
    void begin() {
        dueNanos = nanoTime.getAsLong();
    }

    /** Looks once; returns how long until the next look. */
    Duration look() {
        long now = nanoTime.getAsLong();
        note(now - dueNanos, now);
        if (!waiting) {
            handedOverNanos = now;
            waiting = true;
            taken = false;
        }
        if (!taken) {
            handOver();
        }
        dueNanos = nanoTime.getAsLong() + EVERY.toNanos();
        return EVERY;
    }

    /** Threads that are all busy, with a full queue before them, take nothing; it waits all the same, and is offered again. */
    private void handOver() {
        taken = true;
        try {
            threads.execute(this::done);
        } catch (RejectedExecutionException e) {
            taken = false;
        }
    }

    private void done() {
        long now = nanoTime.getAsLong();
        note(now - handedOverNanos, now);
        waiting = false;
    }

    /** The worst of the last second, what is under way included. */
    Duration worst() {
        long now = nanoTime.getAsLong();
        note(now - dueNanos, now);
        if (waiting) {
            note(now - handedOverNanos, now);
        }
        synchronized (this) {
            return Duration.ofNanos(worstNanos);
        }
    }

    private synchronized void note(long nanos, long now) {
        long delay = Math.max(0, nanos);
        if (delay >= worstNanos || now - worstAtNanos > COUNTS_FOR.toNanos()) {
            worstNanos = delay;
            worstAtNanos = now;
        }
    }
}
