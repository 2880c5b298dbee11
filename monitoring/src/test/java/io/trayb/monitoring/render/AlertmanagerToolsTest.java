package io.trayb.monitoring.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.trayb.monitoring.Tool;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Contact;
import io.trayb.monitoring.setup.OfficeHours;
import io.trayb.monitoring.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        write(ARTIFACTS);
    }

    private void write(Artifacts artifacts) throws IOException {
        for (String path : new String[] {AlertmanagerFiles.CONFIG, AlertmanagerFiles.TEXTS}) {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, artifacts.files().get(path));
        }
    }

    @Test
    void every_kind_of_contact_and_any_hours_are_valid() throws IOException {
        Alerting alerting = new Alerting(
                Map.of(
                        "platform-page",
                        List.of(new Contact.PagerDuty("secrets/pagerduty"), new Contact.Slack("#p", "secrets/slack")),
                        "backend-ticket",
                        List.of(
                                new Contact.Email(
                                        "a@example.org", "b@example.org", "mail:587", "trayb", "secrets/mail"),
                                new Contact.Email("c@example.org", "b@example.org", "mail:25", null, null)),
                        "watchdog",
                        List.of(
                                new Contact.Webhook("https://example.org/hook", "secrets/hook"),
                                new Contact.Webhook("http://127.0.0.1:9", null))),
                new OfficeHours("America/New_York", "monday:saturday", "07:30", "20:00"),
                Map.of("environment", "staging"),
                "https://example.org/",
                "https://example.org");
        write(Artifacts.of(TraybCatalog.in(new Setup(Map.of(), alerting))));
        Tool.Outcome outcome = amtool("check-config", "alertmanager.yml");
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    @Test
    void contacts_hours_and_addresses_that_cannot_be_are_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> new Alerting(Map.of("platform-pager", List.of()), null, null, null, null))
                .hasMessage("alerting.contacts names 'platform-pager', but there are watchdog, platform-page,"
                        + " platform-ticket, backend-page, backend-ticket");
        assertThatThrownBy(() -> new Alerting(null, null, Map.of("not-a-label", ""), null, null))
                .hasMessageContaining("externalLabels has 'not-a-label'");
        assertThatThrownBy(() -> new Alerting(null, null, null, "https://example.org", null))
                .hasMessageContaining("must end in a slash");
        assertThatThrownBy(() -> new Alerting(null, null, null, null, "https://example.org/"))
                .hasMessageContaining("must not end in a slash");
        assertThatThrownBy(() -> new OfficeHours("Berlin", null, null, null))
                .hasMessageContaining("must be a zone such as Europe/Berlin");
        assertThatThrownBy(() -> new OfficeHours(null, "mon-fri", null, null))
                .hasMessageContaining("must be like monday:friday");
        assertThatThrownBy(() -> new OfficeHours(null, null, "8", null)).hasMessageContaining("such as 08:00");
        assertThatThrownBy(() -> new OfficeHours(null, null, "18:00", "08:00")).hasMessageContaining("must be before");
        assertThatThrownBy(() -> new Contact.Slack("#a", "")).hasMessageContaining("must have urlFile");
        assertThatThrownBy(() -> new Contact.Webhook("example.org", null)).hasMessageContaining("must begin with http");
        assertThatThrownBy(() -> new Contact.Email("a", "b", "c", "d", null)).hasMessageContaining("or neither");
        assertThatThrownBy(() -> new Contact.PagerDuty(" ")).hasMessageContaining("must have routingKeyFile");
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
        for (String text : new String[] {"trayb.title", "trayb.text", "trayb.slack", "trayb.html"}) {
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
        assertThat(routes)
                .hasSizeGreaterThan(TraybCatalog.withDefaults().alerts().size());
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
