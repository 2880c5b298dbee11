package io.trayb.jobs.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that jobs run on, made when needed and gone after a minute idle: as many as there are slots, and one more for
 * each that was given up. Runs jobs in the order in which they come. Thread-safe.
 */
final class JobThreads {
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor pool;

    JobThreads(int slots, ThreadFactory factory) {
        this.pool = new ThreadPoolExecutor(slots, slots, 1, TimeUnit.MINUTES, waiting, factory);
        pool.allowCoreThreadTimeOut(true);
    }

    void execute(Execution execution) {
        pool.execute(execution);
    }

    /** How many wait for a thread. */
    int waiting() {
        return waiting.size();
    }

    /** Which has waited for the longest; null if none waits. */
    @Nullable
    Execution longestWaiting() {
        return (Execution) waiting.peek();
    }

    /** Takes away those that wait for a thread; they won't run. */
    List<Execution> takeWaiting() {
        List<Runnable> taken = new ArrayList<>();
        waiting.drainTo(taken);
        return taken.stream().map(Execution.class::cast).toList();
    }

    /** A thread is given up: another may be made in its place. */
    synchronized void oneGivenUp() {
        pool.setMaximumPoolSize(pool.getMaximumPoolSize() + 1);
        pool.setCorePoolSize(pool.getCorePoolSize() + 1);
    }

    /** A thread that had been given up has come back after all. */
    synchronized void oneCameBack() {
        pool.setCorePoolSize(pool.getCorePoolSize() - 1);
        pool.setMaximumPoolSize(pool.getMaximumPoolSize() - 1);
    }

    /** Interrupts what runs, and runs nothing more. */
    void shutdownNow() {
        pool.shutdownNow();
    }
}
