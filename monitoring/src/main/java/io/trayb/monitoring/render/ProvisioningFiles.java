package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import java.util.Map;

/** What makes a fresh Grafana find Prometheus and the dashboards. */
final class ProvisioningFiles implements Renderer {
    private static final Template DATASOURCE = Template.named("datasource.yml.mustache");
    private static final Template DASHBOARDS = Template.named("dashboards.yml.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        Map<String, String> context = Map.of("header", Header.TEXT);
        return Map.of(
                "grafana/provisioning/datasources/trayb.yml", DATASOURCE.fill(context),
                "grafana/provisioning/dashboards/trayb.yml", DASHBOARDS.fill(context));
    }
}
