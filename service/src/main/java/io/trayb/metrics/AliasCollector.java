package io.trayb.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.trayb.monitoring.metric.Gauge;
import java.util.List;

/** A gauge under an older name: without labels, as the total of what the gauge holds when somebody scrapes. */
final class AliasCollector extends Collector implements Collector.Describable {
    private final String alias;
    private final Gauge declaration;
    private final io.prometheus.client.Gauge collector;

    AliasCollector(String alias, Gauge declaration, io.prometheus.client.Gauge collector) {
        this.alias = alias;
        this.declaration = declaration;
        this.collector = collector;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var values = collector.collect().stream()
                .flatMap(family -> family.samples.stream())
                .mapToDouble(sample -> sample.value);
        double total = declaration.fold() == Gauge.Fold.MAX ? values.max().orElse(0) : values.sum();
        return List.of(new GaugeMetricFamily(alias, help(), total));
    }

    @Override
    public List<MetricFamilySamples> describe() {
        return List.of(new GaugeMetricFamily(alias, help(), 0));
    }

    private String help() {
        return declaration.help() + " An older name: the total of " + declaration.name() + ".";
    }
}
