package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.metric.Origin;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.promql.PromDuration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Prometheus' own configuration. Targets come from files beside it, since a committed file can't know ports. */
final class PrometheusFile implements Renderer {
    static final String PATH = "monitoring/prometheus/prometheus.yml";

    private static final Template TEMPLATE = Template.named("prometheus.yml.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        List<Job> exporters = Arrays.stream(Origin.values())
                .filter(origin -> !origin.job().equals(Scrape.JOB))
                .distinct()
                .map(PrometheusFile::exporter)
                .toList();
        return Map.of(
                PATH,
                TEMPLATE.fill(Map.of(
                        "header",
                        Header.TEXT,
                        "interval",
                        PromDuration.of(Scrape.INTERVAL),
                        "job",
                        Scrape.JOB,
                        "exporters",
                        exporters,
                        "labelled",
                        !catalog.alerting().externalLabels().isEmpty(),
                        "labels",
                        catalog.alerting().externalLabels().entrySet().stream()
                                .map(label -> new Pair(label.getKey(), Json.quoted(label.getValue())))
                                .toList())));
    }

    private static Job exporter(Origin origin) {
        return new Job(origin.job(), origin.exporter());
    }

    private record Job(String job, String exporter) {}
}
