package io.trayb.metrics;

import io.trayb.monitoring.catalog.JobMetrics;
import io.trayb.monitoring.catalog.WorkerMetrics;
import java.time.InstantSource;

/** Exports what this process' own worker does, and when it or a remote one last reported. Thread-safe; never blocks. */
public final class WorkerRecorder {
    private final GaugeHandle slots;
    private final GaugeHandle busy;
    private final CounterHandle.Child abandoned;
    private final HistogramHandle.Child claimBatch;
    private final HistogramHandle.Child claimTime;
    private final GaugeHandle lastHeartbeat;
    private final InstantSource clock;

    /** A recorder. The heartbeat's age counts from now on until the first report. */
    WorkerRecorder(Collectors collectors, InstantSource clock) {
        this.slots = collectors.gauge(WorkerMetrics.SLOTS);
        this.busy = collectors.gauge(WorkerMetrics.SLOTS_BUSY);
        this.abandoned = collectors.counter(WorkerMetrics.ABANDONED).child();
        this.claimBatch = collectors.histogram(JobMetrics.BATCH_SIZE).child(JobMetrics.Batch.CLAIM.label());
        this.claimTime = collectors.histogram(JobMetrics.CLAIM_TIME).child();
        this.lastHeartbeat = collectors.gauge(WorkerMetrics.LAST_HEARTBEAT);
        this.clock = clock;
        beat();
    }

    /** So many slots are in use, of so many. A process without a worker never says so: both stay 0. */
    public void slots(int busy, int total) {
        this.busy.set(busy);
        this.slots.set(total);
    }

    /** A claim took so long and started so many jobs; one that started none is timed only. */
    public void claimed(int jobs, long nanoseconds) {
        claimTime.observeNanos(nanoseconds);
        if (jobs > 0) {
            claimBatch.observe(jobs);
        }
    }

    /** A handler ignored its interruption; its thread was given up. */
    public void handlerAbandoned() {
        abandoned.inc();
    }

    /** A worker is alive: this process's own, under a lease that it holds, or a remote one that asked for jobs or spoke of one. */
    public void beat() {
        lastHeartbeat.set(Seconds.sinceEpoch(clock.instant()));
    }
}
