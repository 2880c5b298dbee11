package io.trayb.metrics;

import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.SimpleCollector;
import io.prometheus.client.dropwizard.DropwizardExports;
import io.prometheus.client.dropwizard.samplebuilder.DefaultSampleBuilder;
import io.prometheus.client.hotspot.DefaultExports;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Makes the collectors of declared metrics, and of no others: what the service exports is what its rules and documents are
 * generated from. Thread-safe.
 */
public final class Collectors {
    /** Where Dropwizard's names begin; they are as they are, and nothing of ours depends on them. */
    private static final String DROPWIZARD = "trayb.dropwizard.";

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private final LabelAdmission admission = new LabelAdmission();
    private final Map<Metric, Object> handles = new ConcurrentHashMap<>();
    private final Catalog catalog;

    public Collectors(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The handle of a declared counter; the same one each time.
     *
     * @throws IllegalArgumentException when the catalogue doesn't declare it
     */
    public CounterHandle counter(Counter counter) {
        return claim(counter, CounterHandle.class, () -> {
            var collector = io.prometheus.client.Counter.build(counter.name(), counter.help())
                    .labelNames(names(counter))
                    .register(registry);
            return new CounterHandle(counter, exportedFromTheStart(collector, counter), admission);
        });
    }

    /**
     * The handle of a declared gauge; the same one each time. Its aliases are exported with it.
     *
     * @throws IllegalArgumentException when the catalogue doesn't declare it
     */
    public GaugeHandle gauge(Gauge gauge) {
        return claim(gauge, GaugeHandle.class, () -> {
            var collector = io.prometheus.client.Gauge.build(gauge.name(), gauge.help())
                    .labelNames(names(gauge))
                    .register(registry);
            gauge.aliases().forEach(alias -> registry.register(new AliasCollector(alias, gauge, collector)));
            return new GaugeHandle(gauge, exportedFromTheStart(collector, gauge), admission);
        });
    }

    /**
     * The handle of a declared histogram; the same one each time.
     *
     * @throws IllegalArgumentException when the catalogue doesn't declare it
     */
    public HistogramHandle histogram(Histogram histogram) {
        return claim(histogram, HistogramHandle.class, () -> {
            var collector = io.prometheus.client.Histogram.build(histogram.name(), histogram.help())
                    .labelNames(names(histogram))
                    .buckets(histogram.buckets().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray())
                    .register(registry);
            return new HistogramHandle(histogram, exportedFromTheStart(collector, histogram), admission);
        });
    }

    /** Exports what the JVM and the operating system say about this process. */
    public void exportProcess() {
        DefaultExports.register(registry);
    }

    /**
     * Exports Dropwizard's own registry as well. What it says about the JVM is left out: {@link #exportProcess} says it, and
     * Dropwizard's gauge of deadlocks would stop all threads at each scrape.
     */
    public void exportDropwizard(MetricRegistry dropwizard) {
        DefaultSampleBuilder builder = new DefaultSampleBuilder();
        MetricFilter notJvm = (name, metric) -> !name.startsWith("jvm.");
        registry.register(new DropwizardExports(
                dropwizard,
                notJvm,
                (name, suffix, labelNames, labelValues, value) ->
                        builder.createSample(DROPWIZARD + name, suffix, labelNames, labelValues, value)));
    }

    /**
     * Stops the start of a service that doesn't feed what it declares: an alert on it could never fire.
     *
     * @throws IllegalStateException naming every declared metric that nothing has asked a handle for
     */
    public void requireComplete() {
        List<String> unclaimed = catalog.ownMetrics().stream()
                .filter(metric -> !handles.containsKey(metric))
                .map(Metric::name)
                .sorted()
                .toList();
        if (!unclaimed.isEmpty()) {
            throw new IllegalStateException("declared metrics must each be fed, but nothing has a collector for "
                    + String.join(", ", unclaimed));
        }
    }

    CollectorRegistry registry() {
        return registry;
    }

    private <H> H claim(Metric metric, Class<H> type, Supplier<H> handle) {
        if (!catalog.ownMetrics().contains(metric)) {
            throw new IllegalArgumentException(
                    "metric " + metric.name() + " must be declared in the catalogue before it can be exported");
        }
        return type.cast(handles.computeIfAbsent(metric, any -> handle.get()));
    }

    private static String[] names(Metric metric) {
        return metric.labelNames().toArray(String[]::new);
    }

    /** Brings every combination of closed label values into being: {@code increase()} doesn't see a series' first value. */
    private static <C extends SimpleCollector<?>> C exportedFromTheStart(C collector, Metric metric) {
        if (metric.hasOnlyClosedLabels()) {
            combinations(metric.labels()).forEach(values -> collector.labels(values.toArray(String[]::new)));
        }
        return collector;
    }

    private static List<List<String>> combinations(List<Label> labels) {
        List<List<String>> all = List.of(List.of());
        for (Label label : labels) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> values : all) {
                for (String value : label.values()) {
                    List<String> one = new ArrayList<>(values);
                    one.add(value);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all;
    }
}
