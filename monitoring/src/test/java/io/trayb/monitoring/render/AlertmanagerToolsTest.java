package io.trayb.monitoring.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.trayb.monitoring.Tool;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is generated for Alertmanager, as its own tool sees it. */
class AlertmanagerToolsTest {
    private static final Artifacts ARTIFACTS = Artifacts.of(TraybCatalog.withDefaults());

    @TempDir
    private Path folder;

    @BeforeEach
    void write_the_configuration() throws IOException {
        for (String path : new String[] {AlertmanagerFiles.CONFIG, AlertmanagerFiles.TEXTS}) {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, ARTIFACTS.files().get(path));
        }
    }

    private Tool.Outcome amtool(String... arguments) {
        return Tool.AMTOOL.run(folder.resolve("alertmanager"), arguments);
    }

    @Test
    void the_configuration_is_valid_and_finds_its_texts() {
        Tool.Outcome outcome = amtool("check-config", "alertmanager.yml");
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("1 templates");
    }

    @Test
    void the_texts_can_be_rendered() {
        for (String text : new String[] {"trayb.title", "trayb.text"}) {
            Tool.Outcome outcome = amtool(
                    "template",
                    "render",
                    "--template.glob=templates/*.tmpl",
                    "--template.text={{ template \"" + text + "\" . }}");
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        }
    }

    @Test
    void every_alert_reaches_the_receiver_that_it_is_meant_for() throws IOException {
        JsonNode routes = new YAMLMapper()
                .readTree(ARTIFACTS.files().get(AlertmanagerFiles.ROUTES_TEST))
                .get("routes");
        assertThat(routes).hasSameSizeAs(TraybCatalog.withDefaults().alerts());
        for (JsonNode route : routes) {
            Tool.Outcome outcome = amtool(
                    "config",
                    "routes",
                    "test",
                    "--config.file=alertmanager.yml",
                    "--verify.receivers=" + route.get("receiver").asText(),
                    "alertname=" + route.get("alertname").asText(),
                    "severity=" + route.get("severity").asText(),
                    "owner=" + route.get("owner").asText());
            assertThat(outcome.exitCode()).as(route + "\n" + outcome.output()).isZero();
        }
    }

    @Test
    void a_route_that_leads_elsewhere_does_not_pass() {
        Tool.Outcome outcome = amtool(
                "config",
                "routes",
                "test",
                "--config.file=alertmanager.yml",
                "--verify.receivers=platform-page",
                "alertname=TraybJobBacklog",
                "severity=warning",
                "owner=backend");
        assertThat(outcome.exitCode()).as(outcome.output()).isNotZero();
    }
}
