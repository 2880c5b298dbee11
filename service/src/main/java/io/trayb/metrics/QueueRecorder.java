package io.trayb.metrics;

import io.trayb.monitoring.catalog.JobMetrics;
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

    QueueRecorder(Collectors collectors) {
        waiting = collectors.gauge(JobMetrics.WAITING);
        delayed = collectors.gauge(JobMetrics.DELAYED);
        active = collectors.gauge(JobMetrics.ACTIVE);
        failed = collectors.gauge(JobMetrics.FAILED_STOCK);
        oldestWaiting = collectors.gauge(JobMetrics.OLDEST_WAITING);
    }

    /** All queues as they are now; a queue that isn't among them is exported no more. */
    public void saw(Collection<QueueDepth> queues) {
        waiting.replaceAll(byQueue(queues, QueueDepth::waiting));
        delayed.replaceAll(byQueue(queues, QueueDepth::delayed));
        active.replaceAll(byQueue(queues, QueueDepth::active));
        failed.replaceAll(byQueue(queues, QueueDepth::failed));
        oldestWaiting.replaceAll(byQueue(queues, depth -> Seconds.of(depth.oldestWaiting())));
    }

    private static Map<List<String>, Double> byQueue(
            Collection<QueueDepth> queues, ToDoubleFunction<QueueDepth> number) {
        Map<List<String>, Double> values = new HashMap<>();
        queues.forEach(depth -> values.put(List.of(depth.queue()), number.applyAsDouble(depth)));
        return values;
    }
}
