package io.trayb.metrics;

import io.trayb.monitoring.metric.Gauge;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;

/** Sets one declared gauge. Thread-safe; {@link #replaceAll} is for one thread at a time. */
public final class GaugeHandle {
    private final Gauge declaration;
    private final io.prometheus.client.Gauge collector;
    private final LabelAdmission admission;
    private final Set<List<String>> replaced = new HashSet<>();

    GaugeHandle(Gauge declaration, io.prometheus.client.Gauge collector, LabelAdmission admission) {
        this.declaration = declaration;
        this.collector = collector;
        this.admission = admission;
    }

    /** Sets the value of these labels. */
    public void set(double value, String... labels) {
        collector.labels(admission.admit(declaration, labels)).set(value);
    }

    /** Changes the value of these labels, up or down. */
    public void add(double difference, String... labels) {
        collector.labels(admission.admit(declaration, labels)).inc(difference);
    }

    /**
     * Has the value read whenever somebody scrapes.
     *
     * @param value quick, thread-safe, and must not throw: it would fail the whole scrape
     */
    public void read(DoubleSupplier value, String... labels) {
        collector.setChild(
                new io.prometheus.client.Gauge.Child() {
                    @Override
                    public double get() {
                        return value.getAsDouble();
                    }
                },
                admission.admit(declaration, labels));
    }

    /**
     * Sets all values at once, from a snapshot; label values that it lacks are exported no more. Values whose labels are
     * counted together, since there are too many, are folded as the declaration has it.
     *
     * @param values by the label values, in the order of the declaration
     */
    public synchronized void replaceAll(Map<List<String>, Double> values) {
        DoubleBinaryOperator fold = declaration.fold() == Gauge.Fold.MAX ? Math::max : Double::sum;
        Map<List<String>, Double> folded = new HashMap<>();
        values.forEach((labels, value) -> folded.merge(
                Arrays.asList(admission.admit(declaration, labels.toArray(String[]::new))),
                value,
                fold::applyAsDouble));
        folded.forEach((labels, value) ->
                collector.labels(labels.toArray(String[]::new)).set(value));
        replaced.stream()
                .filter(labels -> !folded.containsKey(labels))
                .forEach(labels -> collector.remove(labels.toArray(String[]::new)));
        replaced.clear();
        replaced.addAll(folded.keySet());
    }
}
