package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Inhibition;
import io.trayb.monitoring.alert.Receivers;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Contact;
import io.trayb.monitoring.setup.Setup;
import io.trayb.testing.MonitoringProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Alertmanager makes of the generated configuration: what it holds back, whom it tells, and in which words. */
class NotificationsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SECRET = "s3cret";

    @TempDir
    private Path root;

    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private HttpServer listener;
    private Catalog catalog;
    private MonitoringProgram alertmanager;

    /** What somebody was sent. */
    private record Told(String path, String authorization, JsonNode body) {}

    @BeforeEach
    void start_with_a_listener_for_each_receiver() throws IOException {
        listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", exchange -> {
            told.add(new Told(
                    exchange.getRequestURI().getPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    MAPPER.readTree(exchange.getRequestBody().readAllBytes())));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        listener.start();
        String address = "http://127.0.0.1:" + listener.getAddress().getPort();
        Map<String, List<Contact>> contacts = new HashMap<>();
        Receivers.thatTell()
                .forEach(receiver ->
                        contacts.put(receiver, List.of(new Contact.Webhook(address + "/" + receiver, "secret"))));
        contacts.put(
                "backend-page",
                List.of(
                        new Contact.Webhook(address + "/backend-page", "secret"),
                        new Contact.Slack("#backend", "slack")));
        catalog = TraybCatalog.in(new Setup(
                Map.of(),
                new Alerting(
                        contacts, null, Map.of(), "https://git.example.org/trayb/", "https://grafana.example.org")));
        Generator.ofDeployment(root, catalog).write();
        Path home = root.resolve("alertmanager");
        Files.writeString(home.resolve("secret"), SECRET);
        Files.writeString(home.resolve("slack"), address + "/slack");
        // Told at once and at any hour, so that nobody waits.
        Path configuration = home.resolve("alertmanager.yml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace("group_wait: 30s", "group_wait: 0s")
                        .replace("weekdays: ['monday:friday']", "weekdays: ['sunday:saturday']")
                        .replace("start_time: '08:00', end_time: '18:00'", "start_time: '00:00', end_time: '24:00'"));
        alertmanager = MonitoringProgram.alertmanager(home);
    }

    @AfterEach
    void stop() {
        alertmanager.close();
        listener.stop(0);
    }

    private void fire(List<Alert> alerts) throws Exception {
        ArrayNode all = MAPPER.createArrayNode();
        for (Alert alert : alerts) {
            ObjectNode one = all.addObject();
            one.putObject("labels")
                    .put("alertname", alert.name())
                    .put("severity", alert.severity().label())
                    .put("owner", alert.owner().label())
                    .put("instance", "trayb-1:8081");
            one.putObject("annotations")
                    .put("summary", alert.summary())
                    .put("description", "What is the matter.")
                    .put("runbook_url", catalog.alerting().runbookUrl() + alert.runbook())
                    .put("dashboard_url", "https://grafana.example.org/d/trayb-jobs");
        }
        alertmanager.post("/api/v2/alerts", all.toString());
    }

    private Map<String, Boolean> silenced() throws Exception {
        Map<String, Boolean> silenced = new TreeMap<>();
        for (JsonNode alert : alertmanager.get("/api/v2/alerts")) {
            silenced.put(
                    alert.path("labels").path("alertname").asText(),
                    !alert.path("status").path("inhibitedBy").isEmpty());
        }
        return silenced;
    }

    @Test
    void what_follows_from_another_alert_is_held_back_and_nothing_else() throws Exception {
        for (Inhibition inhibition : catalog.inhibitions()) {
            // Those that aren't held back by anything but this: the causes of others are left out.
            Set<Alert> others = new HashSet<>(catalog.alerts());
            catalog.inhibitions().forEach(other -> others.remove(other.cause()));
            others.addAll(inhibition.silenced());
            others.remove(inhibition.cause());
            Set<Alert> causesAmongOthers = new HashSet<>(others);
            causesAmongOthers.retainAll(
                    catalog.inhibitions().stream().map(Inhibition::cause).toList());
            others.removeAll(causesAmongOthers);
            Map<String, Boolean> expected = new TreeMap<>();
            others.forEach(
                    alert -> expected.put(alert.name(), inhibition.silenced().contains(alert)));
            expected.put(inhibition.cause().name(), false);
            restart();
            fire(List.of(inhibition.cause()));
            fire(List.copyOf(others));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(silenced()).as(inhibition.reason()).isEqualTo(expected));
        }
    }

    /** With no alert in it. */
    private void restart() throws IOException {
        alertmanager.close();
        Path data = root.resolve("alertmanager/data");
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        alertmanager = MonitoringProgram.alertmanager(root.resolve("alertmanager"));
    }

    @Test
    void every_alert_is_told_to_its_receiver_with_the_secret_from_the_file_and_to_no_other() throws Exception {
        Set<Alert> silenced = new HashSet<>();
        catalog.inhibitions().forEach(inhibition -> silenced.addAll(inhibition.silenced()));
        List<Alert> loud = catalog.alerts().stream()
                .filter(alert -> !silenced.contains(alert))
                .toList();
        fire(loud);
        Map<String, String> expected = new TreeMap<>();
        loud.forEach(alert -> expected.put(alert.name(), "/" + Receivers.of(alert)));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Map<String, String> actual = new TreeMap<>();
            told.stream()
                    .filter(one -> !one.path().equals("/slack"))
                    .forEach(one -> actual.put(
                            one.body().path("commonLabels").path("alertname").asText(), one.path()));
            assertThat(actual).isEqualTo(expected);
        });
        assertThat(told)
                .filteredOn(one -> !one.path().equals("/slack"))
                .allSatisfy(one -> assertThat(one.authorization()).isEqualTo("Bearer " + SECRET));
    }

    @Test
    void a_slack_message_says_what_is_the_matter_and_links_to_the_runbook() throws Exception {
        Alert alert = catalog.alerts().stream()
                .filter(one -> one.name().equals("TraybWorkerHeartbeatMissing"))
                .findFirst()
                .orElseThrow();
        fire(List.of(alert));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> told.stream().anyMatch(one -> one.path().equals("/slack")));
        JsonNode body = told.stream()
                .filter(one -> one.path().equals("/slack"))
                .findFirst()
                .orElseThrow()
                .body();
        JsonNode message = body.path("attachments").get(0);
        assertThat(body.path("channel").asText()).isEqualTo("#backend");
        assertThat(message.path("title").asText())
                .isEqualTo("[FIRING:1] TraybWorkerHeartbeatMissing: No worker reports, and jobs wait.");
        assertThat(message.path("text").asText())
                .contains("What is the matter.")
                .contains("_critical, backend, since ")
                .contains(
                        "<https://git.example.org/trayb/docs/runbooks/TraybWorkerHeartbeatMissing.md|Runbook>",
                        "<https://grafana.example.org/d/trayb-jobs|Dashboard>");
    }
}
