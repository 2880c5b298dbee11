package io.trayb.metrics;

import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Metric;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds how many values a label can have: what clients choose must not fill Prometheus with series. A label is admitted once
 * for all metrics that have it, so that a queue is told apart in all of them or in none. Thread-safe.
 */
final class LabelAdmission {
    private final Map<Label, Set<String>> admitted = new ConcurrentHashMap<>();

    /**
     * The values under which a sample is counted.
     *
     * @throws IllegalArgumentException when there are too many or too few, or one isn't among a label's closed values
     */
    String[] admit(Metric metric, String... values) {
        List<Label> labels = metric.labels();
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(metric.name() + " must be given a value for each of "
                    + metric.labelNames() + ", not " + List.of(values));
        }
        String[] kept = values.clone();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = admit(metric, labels.get(i), values[i]);
        }
        return kept;
    }

    private String admit(Metric metric, Label label, String value) {
        if (label.isClosed()) {
            if (!label.values().contains(value)) {
                throw new IllegalArgumentException("label " + label.name() + " of " + metric.name() + " is '" + value
                        + "', but must be one of " + label.values());
            }
            return value;
        }
        Set<String> known = admitted.computeIfAbsent(label, any -> ConcurrentHashMap.newKeySet());
        return known.contains(value) || isRoomFor(value, known, label) ? value : Label.OTHER;
    }

    private static boolean isRoomFor(String value, Set<String> known, Label label) {
        synchronized (known) {
            if (known.size() < label.limit()) {
                known.add(value);
            }
            return known.contains(value);
        }
    }
}
