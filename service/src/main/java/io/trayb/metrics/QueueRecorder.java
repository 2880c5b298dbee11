package io.trayb.metrics;

import io.trayb.monitoring.catalog.JobMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Exports how full the queues are, as one look into the database saw them. Thread-safe. */
public final class QueueRecorder {

    private final GaugeHandle waiting;
    private final GaugeHandle delayed;
    private final GaugeHandle active;
    private final GaugeHandle failed;
    private final GaugeHandle oldestWaiting;
    private final GaugeHandle unknownType;
    private final GaugeHandle deadRows;
    private final GaugeHandle oldestTransaction;

    QueueRecorder(Collectors collectors) {
        waiting = collectors.gauge(JobMetrics.WAITING);
        delayed = collectors.gauge(JobMetrics.DELAYED);
        active = collectors.gauge(JobMetrics.ACTIVE);
        failed = collectors.gauge(JobMetrics.FAILED_STOCK);
        oldestWaiting = collectors.gauge(JobMetrics.OLDEST_WAITING);
        unknownType = collectors.gauge(JobMetrics.UNKNOWN_TYPE);
        deadRows = collectors.gauge(JobMetrics.DEAD_ROWS);
        oldestTransaction = collectors.gauge(JobMetrics.OLDEST_TRANSACTION);
    }

    /** All queues as they are now; a queue that isn't among them is exported no more. */
    public void saw(Collection<QueueDepth> queues) {
        waiting.replaceAll(byQueue(queues, QueueDepth::waiting));
        delayed.replaceAll(byQueue(queues, QueueDepth::delayed));
        active.replaceAll(byQueue(queues, QueueDepth::active));
        failed.replaceAll(byQueue(queues, QueueDepth::failed));
        oldestWaiting.replaceAll(byQueue(queues, depth -> Seconds.of(depth.oldestWaiting())));
    }

    /** All jobs that wait and whose type nobody knows: how many, by queue and type. */
    public void sawUnknownTypes(Map<List<String>, Double> waiting) {
        unknownType.replaceAll(waiting);
    }

    /** The state of the table of unfinished jobs, and for how long the oldest transaction has been open. */
    public void sawTable(long dead, Duration oldest) {
        deadRows.set((double) dead);
        oldestTransaction.set(Seconds.of(oldest));
    }

    private static Map<List<String>, Double> byQueue(
            Collection<QueueDepth> queues, ToDoubleFunction<QueueDepth> number) {
        Map<List<String>, Double> values = new HashMap<>();
        queues.forEach(depth -> values.put(List.of(depth.queue()), number.applyAsDouble(depth)));
        return values;
    }
}
