package io.trayb.events;

import io.trayb.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one thread, named at its making, on which things happen when their time has come: woken by the clock, stopped by
 * {@link #stop()}. What happens on it must be short. A task that fails is logged and keeps nothing else from happening, its own
 * repetitions included. Thread-safe.
 */
final class EventTimer {
    private static final Logger LOG = LoggerFactory.getLogger(EventTimer.class);

    private final ScheduledThreadPoolExecutor executor;

    EventTimer(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, DaemonThreads.named(threadName));
        // A poll that is answered early shall not stay in memory until its time would have been up.
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Runs something once, after a delay. Returns what takes that back. After the stop it does nothing. */
    Runnable after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future =
                    executor.schedule(() -> runLoggingFailure(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("Not timing anything any more, this process is stopping", e);
            return () -> {};
        }
    }

    /** Runs something again and again, with this much time from one end to the next beginning. */
    void every(Duration period, Runnable task) {
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(
                () -> runLoggingFailure(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the thread; what had not come yet never comes. */
    void stop() throws InterruptedException {
        executor.shutdownNow();
        if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
            LOG.warn("The timer's last task didn't end within a second");
        }
    }

    private static void runLoggingFailure(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("A timed task failed", e);
        }
    }
}
