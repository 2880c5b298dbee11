package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Receivers;
import io.trayb.monitoring.promql.Printer;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every alert and every threshold, for whoever is told or wants to change one. */
final class AlertDocs implements Renderer {
    static final String PATH = "docs/alerts.md";

    private static final Template TEMPLATE = Template.named("alerts.md.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        Printer printer = Printer.forRules(catalog.thresholds());
        List<AlertRow> alerts = catalog.alerts().stream()
                .map(alert -> row(alert, printer, catalog.thresholds()))
                .toList();
        List<ThresholdRow> thresholds = catalog.thresholds().all().stream()
                .map(threshold -> row(threshold, catalog.thresholds()))
                .toList();
        List<InhibitionRow> inhibitions = catalog.inhibitions().stream()
                .map(inhibition -> new InhibitionRow(
                        inhibition.cause().name(),
                        inhibition.silenced().stream().map(Alert::name).collect(Collectors.joining(", ")),
                        inhibition.reason()))
                .toList();
        return Map.of(
                PATH,
                TEMPLATE.fill(Map.of(
                        "header", Header.TEXT,
                        "fingerprint", Catalog.FINGERPRINT,
                        "alerts", alerts,
                        "thresholds", thresholds,
                        "inhibitions", inhibitions)));
    }

    private static AlertRow row(Alert alert, Printer printer, Thresholds thresholds) {
        return new AlertRow(
                alert.name(),
                alert.summary(),
                Wording.limit(alert, thresholds),
                alert.severity().label(),
                alert.owner().label(),
                Receivers.of(alert),
                printer.print(alert.condition()));
    }

    private static ThresholdRow row(Threshold threshold, Thresholds thresholds) {
        return new ThresholdRow(
                threshold.name(), Wording.threshold(threshold, thresholds), threshold.reason(), threshold.source());
    }

    private record AlertRow(
            String name,
            String summary,
            String limit,
            String severity,
            String owner,
            String receiver,
            String condition) {}

    private record ThresholdRow(String name, String value, String reason, String source) {}

    private record InhibitionRow(String cause, String silenced, String reason) {}
}
