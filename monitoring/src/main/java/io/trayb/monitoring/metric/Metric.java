package io.trayb.monitoring.metric;

import java.util.List;

/** A declared metric. Immutable. What has no declaration can't be exported, asked for or alerted on. */
public sealed interface Metric permits Counter, Gauge, Histogram {
    /** The name in Prometheus, {@code _total} of a counter included. */
    String name();

    Unit unit();

    /** One sentence for whoever meets the metric without this code beside it. */
    String help();

    List<Label> labels();

    Origin origin();

    /** The word for it in Prometheus' text format. */
    String type();

    default boolean hasOnlyClosedLabels() {
        return labels().stream().allMatch(Label::isClosed);
    }

    default List<String> labelNames() {
        return labels().stream().map(Label::name).toList();
    }

    /** All names under which samples of this metric appear. */
    default List<String> sampleNames() {
        return List.of(name());
    }
}
