package io.trayb.jobs.worker;

import io.trayb.jobs.Backoff;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of one job on one thread.
 *
 * <p>It is settled once: by its handler's end, its time-out, or by losing its lease; whatever comes second is discarded. Its
 * slot is free when the outcome is on disk <em>and</em> its thread is done; a thread that ignores its interruption for too
 * long is given up, so that it costs a thread and not a slot.
 */
final class Execution implements Runnable {
    /** What an execution tells its surroundings. Called once each at most, except {@link #progressed}. */
    interface Surroundings {
        /** The start ended so; to be called back with {@link Execution#written()} when that is on disk. */
        void settled(Execution execution, Finish finish);

        void progressed(Execution execution, int percent, @Nullable String message);

        /** The slot is free. */
        void released(Execution execution);

        /** The handler was left after so long. */
        void ran(long nanos);

        /** The handler ignores its interruption; its thread is given up. */
        void abandoned(Execution execution);

        /** A thread that was given up has come back after all. */
        void cameBack();
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(Execution.class);

    private final LeasedJob lease;
    private final JobHandlers handlers;
    private final Backoff backoff;
    private final ScheduledExecutorService timer;
    private final Duration abandonAfter;
    private final Surroundings surroundings;

    private final long claimedAt = System.nanoTime();
    private final AtomicBoolean settled = new AtomicBoolean();
    /** The outcome on disk, and the thread's end: the slot is free when both have come. */
    private final AtomicInteger holding = new AtomicInteger(2);

    private final AtomicBoolean threadDone = new AtomicBoolean();

    private volatile @Nullable Integer progress;
    private @Nullable Integer keptProgress;

    /** Guarded by this: an interruption never reaches a thread that has left the handler. */
    private @Nullable Thread handlerThread;

    Execution(
            LeasedJob lease,
            JobHandlers handlers,
            Backoff backoff,
            ScheduledExecutorService timer,
            Duration abandonAfter,
            Surroundings surroundings) {
        this.lease = lease;
        this.handlers = handlers;
        this.backoff = backoff;
        this.timer = timer;
        this.abandonAfter = abandonAfter;
        this.surroundings = surroundings;
    }

    LeasedJob lease() {
        return lease;
    }

    boolean isSettled() {
        return settled.get();
    }

    /** The handler says how far it is; what it says after the end is discarded. */
    void report(int percent, @Nullable String message) {
        progress = percent;
        if (!settled.get()) {
            surroundings.progressed(this, percent, message);
        }
    }

    /** The last report, if it hasn't been asked for yet. For one thread. */
    @Nullable
    Integer unkeptProgress() {
        Integer last = progress;
        if (Objects.equals(last, keptProgress)) {
            return null;
        }
        keptProgress = last;
        return last;
    }

    /** Runs the attempt, on the calling thread. */
    @Override
    public void run() {
        Job job = lease.job();
        if (!enterHandler()) {
            threadEnded();
            return;
        }
        long begun = System.nanoTime();
        var timeout = timer.schedule(this::timeOut, job.timeoutMs(), TimeUnit.MILLISECONDS);
        try {
            String result = handlers.run(job.type(), job.payload(), new ExecutionContext(this));
            settle(new Outcome.Completed(result));
        } catch (JobFailure failure) {
            settle(outcomeOf(failure));
        } catch (InterruptedException e) {
            // Whoever interrupted has settled the outcome before, and this one is discarded. If nobody has, the handler
            // interrupted itself: a failure like any other.
            settle(failedAttempt("interrupted", false));
        } catch (Exception e) {
            LOGGER.debug("Attempt {} of job {} ({}) failed", job.attempt(), job.id(), job.type(), e);
            settle(failedAttempt(describe(e), false));
        } catch (Throwable e) {
            // Whatever a handler throws is the failure of this attempt and of nothing else. This thread goes back to
            // its pool either way: what it ran out of, memory or stack, is free again once the handler has been left.
            LOGGER.error("Attempt {} of job {} ({}) failed badly", job.attempt(), job.id(), job.type(), e);
            settle(failedAttempt(describe(e), false));
        } finally {
            leaveHandler();
            timeout.cancel(false);
            surroundings.ran(System.nanoTime() - begun);
            threadEnded();
        }
    }

    /** The lease is gone: the handler is interrupted, and whatever it does is discarded. */
    void revoke() {
        if (settled.compareAndSet(false, true)) {
            written();
            interrupt();
        }
    }

    /** Ends the attempt and gives the start back, uncounted. */
    void giveBack() {
        if (settle(new Outcome.Returned())) {
            interrupt();
        }
    }

    /** Gives the start back before any thread has begun with it, and none will. */
    void giveBackUnstarted() {
        settle(new Outcome.Returned());
        threadEnded();
    }

    /** How long ago the job was claimed, in nanoseconds. */
    long heldForNanos() {
        return System.nanoTime() - claimedAt;
    }

    /** The outcome is on disk, or was refused. */
    void written() {
        letGo();
    }

    private void timeOut() {
        if (settle(failedAttempt("timed out after " + lease.job().timeoutMs() + " ms", true))) {
            interrupt();
        }
    }

    private boolean settle(Outcome outcome) {
        boolean first = settled.compareAndSet(false, true);
        if (first) {
            surroundings.settled(this, new Finish(lease, outcome, progress));
        }
        return first;
    }

    private Outcome outcomeOf(JobFailure failure) {
        String message = describe(failure);
        if (failure.isPermanent()) {
            return new Outcome.FailedForGood(message);
        }
        Duration retryAfter = failure.retryAfter();
        return retryAfter == null
                ? failedAttempt(message, false)
                : new Outcome.AttemptFailed(message, retryAfter, false);
    }

    private Outcome failedAttempt(String message, boolean timedOut) {
        return new Outcome.AttemptFailed(message, backoff.after(lease.job().attempt()), timedOut);
    }

    /** Returns false if the start was settled before its thread began: revoked, or given back. */
    private synchronized boolean enterHandler() {
        if (settled.get()) {
            return false;
        }
        handlerThread = Thread.currentThread();
        return true;
    }

    private void leaveHandler() {
        synchronized (this) {
            handlerThread = null;
        }
        // The thread goes back to its pool: an interruption that came too late must not hit the next job.
        Thread.interrupted();
    }

    private synchronized void interrupt() {
        if (handlerThread != null) {
            handlerThread.interrupt();
            var unused = timer.schedule(this::abandon, abandonAfter.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void abandon() {
        if (threadDone.compareAndSet(false, true)) {
            LOGGER.warn(
                    "The handler of job {} ({}) ignores its interruption since {} ms; its thread is given up",
                    lease.job().id(),
                    lease.job().type(),
                    abandonAfter.toMillis());
            surroundings.abandoned(this);
            letGo();
        }
    }

    private void threadEnded() {
        if (threadDone.compareAndSet(false, true)) {
            letGo();
        } else {
            surroundings.cameBack();
        }
    }

    private void letGo() {
        if (holding.decrementAndGet() == 0) {
            surroundings.released(this);
        }
    }

    /** What is kept of a failure, and shown: its message, and no class name. */
    private static String describe(Throwable thrown) {
        String message = thrown.getMessage();
        return JobError.storable(message == null ? "failed without a message" : message);
    }
}
