package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import java.util.Map;
import java.util.stream.Collectors;

/** The rules for the Prometheus operator: the same groups, inside a {@code PrometheusRule}. */
final class KubernetesRules implements Renderer {
    static final String PATH = "monitoring/kubernetes/prometheusrule.yml";

    private static final Template TEMPLATE = Template.named("prometheusrule.yml.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        String groups = RulesFile.text(catalog)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> "  " + line)
                .collect(Collectors.joining("\n"));
        return Map.of(PATH, TEMPLATE.fill(Map.of("header", Header.TEXT, "groups", groups)));
    }
}
