package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Origin;
import io.trayb.monitoring.promql.Vector;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every metric, for whoever writes a query of their own. */
final class MetricDocs implements Renderer {
    static final String PATH = "docs/metrics.md";

    private static final Template TEMPLATE = Template.named("metrics.md.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        List<Exporter> exporters = Arrays.stream(Origin.values())
                .filter(origin -> origin != Origin.TRAYB)
                .map(origin -> new Exporter(origin.exporter(), origin.job(), rows(catalog, origin)))
                .filter(exporter -> !exporter.metrics().isEmpty())
                .toList();
        return Map.of(
                PATH,
                TEMPLATE.fill(
                        Map.of("header", Header.TEXT, "own", rows(catalog, Origin.TRAYB), "exporters", exporters)));
    }

    private static List<Row> rows(Catalog catalog, Origin origin) {
        return catalog.metrics().stream()
                .filter(metric -> metric.origin() == origin)
                .sorted(Comparator.comparing(Metric::name))
                .map(metric -> row(metric, catalog))
                .toList();
    }

    private static Row row(Metric metric, Catalog catalog) {
        return new Row(
                metric.name(),
                metric.type(),
                metric.unit().symbol(),
                metric.labels().stream()
                        .map(label -> metric.origin() == Origin.TRAYB ? label(label) : "`" + label.name() + "`")
                        .collect(Collectors.joining("<br>")),
                metric.help() + extra(metric),
                catalog.alerts().stream()
                        .filter(alert -> asksFor(alert, metric))
                        .map(alert -> "[" + alert.name() + "](runbooks/" + alert.name() + ".md)")
                        .collect(Collectors.joining("<br>")));
    }

    private static String label(Label label) {
        if (label.limit() == 1) {
            return "`" + label.name() + "`: one value for each process";
        }
        String values = label.isClosed()
                ? label.values().stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "))
                : "the first " + label.limit() + " values, then `" + Label.OTHER + "`";
        return "`" + label.name() + "`: " + values;
    }

    private static String extra(Metric metric) {
        if (metric instanceof Histogram histogram) {
            return " Buckets: "
                    + histogram.buckets().stream().map(Decimal::plain).collect(Collectors.joining(", ")) + ".";
        }
        if (metric instanceof Gauge gauge && gauge.origin() == Origin.TRAYB) {
            String across = gauge.fold() == Gauge.Fold.MAX
                    ? " The largest counts."
                    : gauge.sharing() == Gauge.Sharing.SAME_FACT
                            ? " Every instance reports the same fact: take the `max` of instances, not the sum."
                            : "";
            return across
                    + gauge.aliases().stream()
                            .map(alias -> " Also as `" + alias + "`, without labels: the total.")
                            .collect(Collectors.joining());
        }
        return "";
    }

    private static boolean asksFor(Alert alert, Metric metric) {
        return alert.condition()
                .everything()
                .anyMatch(expr -> expr instanceof Vector.Selected selected
                        && metric.equals(selected.series().metric()));
    }

    private record Exporter(String exporter, String job, List<Row> metrics) {}

    private record Row(String name, String type, String unit, String labels, String help, String alerts) {}
}
