package io.trayb.monitoring.promql;

import io.trayb.monitoring.metric.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a selector selects: samples of a declared metric, or the result of a recording rule.
 *
 * @param name the name of the samples
 * @param metric the metric whose samples they are; null for a recording rule's
 */
public record Series(String name, @Nullable Metric metric) {
    public Series {
        if (metric != null && !metric.sampleNames().contains(name)) {
            throw new IllegalArgumentException("metric '" + metric.name() + "' has no samples called " + name
                    + "; it has " + metric.sampleNames());
        }
    }

    /** Samples of a recording rule, named {@code level:metric:operations}. */
    static Series recorded(String name) {
        return new Series(name, null);
    }

    List<String> labelNames() {
        return metric == null ? List.of() : metric.labelNames();
    }
}
