package io.trayb.jobs.worker;

import io.trayb.jobs.queue.JobLeases;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes how far jobs are, about once a second for each: a report that comes sooner waits and is replaced by the next one.
 * Thread-safe.
 */
final class ProgressReports {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private record Report(int percent, @Nullable String message) {}

    /** Of one execution. Guarded by itself. */
    private static final class Throttle {
        private boolean published;
        private long publishedAt;
        private @Nullable Report pending;
    }

    private final JobLeases leases;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<Execution, Throttle> throttles = new ConcurrentHashMap<>();

    ProgressReports(JobLeases leases, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.leases = leases;
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    void report(Execution execution, int percent, @Nullable String message) {
        Throttle throttle = throttles.computeIfAbsent(execution, ignored -> new Throttle());
        synchronized (throttle) {
            Report report = new Report(percent, message);
            long now = nanoTime.getAsLong();
            if (throttle.pending != null) {
                throttle.pending = report;
            } else if (!throttle.published || now - throttle.publishedAt >= INTERVAL.toNanos()) {
                publish(execution, throttle, report);
            } else {
                throttle.pending = report;
                long wait = INTERVAL.toNanos() - (now - throttle.publishedAt);
                var unused = timer.schedule(() -> publishPending(execution, throttle), wait, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Nothing more is published of this execution: the last report goes out now, before its outcome. */
    void end(Execution execution) {
        Throttle throttle = throttles.remove(execution);
        if (throttle != null) {
            publishPending(execution, throttle);
        }
    }

    private void publishPending(Execution execution, Throttle throttle) {
        synchronized (throttle) {
            Report pending = throttle.pending;
            if (pending != null) {
                publish(execution, throttle, pending);
            }
        }
    }

    private void publish(Execution execution, Throttle throttle, Report report) {
        throttle.published = true;
        throttle.publishedAt = nanoTime.getAsLong();
        throttle.pending = null;
        leases.tellProgress(execution.lease().job(), report.percent(), report.message());
    }
}
