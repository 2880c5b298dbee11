package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.promql.Printer;
import io.trayb.monitoring.promql.PromDuration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recording rules and alerts, for Prometheus. */
final class RulesFile implements Renderer {
    static final String PATH = "monitoring/prometheus/rules.yml";

    private static final Template TEMPLATE = Template.named("rules.yml.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        return Map.of(PATH, text(catalog));
    }

    /** The file's text, with {@link Catalog#FINGERPRINT} where the fingerprint of this very text belongs. */
    static String text(Catalog catalog) {
        Printer printer = Printer.forRules(catalog.thresholds());
        List<Group> groups = Arrays.stream(Area.values())
                .map(area -> group(area, catalog, printer))
                .filter(group ->
                        !group.recordings().isEmpty() || !group.alerts().isEmpty())
                .toList();
        return TEMPLATE.fill(Map.of("header", Header.TEXT, "groups", groups));
    }

    private static Group group(Area area, Catalog catalog, Printer printer) {
        return new Group(
                area.group(),
                catalog.recordings().stream()
                        .filter(rule -> rule.area() == area)
                        .map(rule -> recording(rule, printer))
                        .toList(),
                catalog.alerts().stream()
                        .filter(alert -> alert.area() == area)
                        .map(alert -> alerting(alert, catalog, printer))
                        .toList());
    }

    private static Recording recording(RecordingRule rule, Printer printer) {
        List<Pair> labels = rule.labels().entrySet().stream()
                .map(label -> new Pair(label.getKey(), Json.quoted(label.getValue())))
                .toList();
        return new Recording(rule.name(), rule.help(), printer.print(rule.expression()), labels, !labels.isEmpty());
    }

    private static Alerting alerting(Alert alert, Catalog catalog, Printer printer) {
        Annotations annotations = Annotations.forPrometheus(alert, catalog);
        return new Alerting(
                alert.name(),
                printer.print(alert.condition()),
                alert.hold(catalog.thresholds()).map(PromDuration::of).orElse(null),
                alert.severity().label(),
                alert.owner().label(),
                annotations.pairs());
    }

    private record Group(String name, List<Recording> recordings, List<Alerting> alerts) {}

    private record Recording(String name, String help, String expr, List<Pair> labels, boolean labelled) {}

    private record Alerting(
            String name, String expr, @Nullable String hold, String severity, String owner, List<Pair> annotations) {}
}
