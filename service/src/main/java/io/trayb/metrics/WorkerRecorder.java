package io.trayb.metrics;

import io.trayb.monitoring.catalog.WorkerMetrics;
import java.time.Instant;
import java.util.function.IntSupplier;

/** Exports what this process' own worker does, and when any worker last reported. Thread-safe. */
public final class WorkerRecorder {
    private final GaugeHandle slots;
    private final GaugeHandle busy;
    private final GaugeHandle abandoned;
    private final GaugeHandle lastHeartbeat;

    /**
     * A recorder.
     *
     * @param started when the process started: the heartbeat's age counts from there until the first report
     */
    WorkerRecorder(Collectors collectors, Instant started) {
        slots = collectors.gauge(WorkerMetrics.SLOTS);
        busy = collectors.gauge(WorkerMetrics.SLOTS_BUSY);
        abandoned = collectors.gauge(WorkerMetrics.ABANDONED);
        lastHeartbeat = collectors.gauge(WorkerMetrics.LAST_HEARTBEAT);
        heartbeat(started);
    }

    /** Where to read, at each scrape, what the worker does. A process without a worker leaves this out: all are 0. */
    public void reads(IntSupplier slots, IntSupplier busy, IntSupplier abandoned) {
        this.slots.read(slots::getAsInt);
        this.busy.read(busy::getAsInt);
        this.abandoned.read(abandoned::getAsInt);
    }

    /** A worker, of this process or another, reported at this time. */
    public void heartbeat(Instant at) {
        lastHeartbeat.set(Seconds.sinceEpoch(at));
    }
}
