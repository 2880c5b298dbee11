package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Unit;

/** What runs jobs inside the service's processes. */
public final class WorkerMetrics {
    public static final Gauge SLOTS = Gauge.ownShare(
            "trayb_worker_slots", Unit.COUNT, "Jobs that this process may run at once; 0 when it runs none.");
    public static final Gauge SLOTS_BUSY =
            Gauge.ownShare("trayb_worker_slots_busy", Unit.COUNT, "Jobs that this process is running now.");
    public static final Counter ABANDONED = Counter.of(
            "trayb_worker_abandoned_handlers_total",
            "Handlers that ignored their interruption, so that their thread was given up.");
    /** Any process may know of any worker, so the newest that one of them knows is the fact. */
    public static final Gauge LAST_HEARTBEAT = Gauge.sameFact(
                    "trayb_worker_last_heartbeat_timestamp_seconds",
                    Unit.TIMESTAMP,
                    "When a worker last reported; until the first report, when this process started.")
            .largestCounts();

    private WorkerMetrics() {}
}
