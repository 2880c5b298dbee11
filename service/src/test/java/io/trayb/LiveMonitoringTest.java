package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.testing.ConfigOverride;
import io.trayb.database.DatabaseUrl;
import io.trayb.events.SlowFollower;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.EventMetrics;
import io.trayb.monitoring.catalog.JobMetrics;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.catalog.TraybThresholds;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.metric.Origin;
import io.trayb.monitoring.promql.Expr;
import io.trayb.monitoring.promql.Printer;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.pictures.DashboardPicture;
import io.trayb.testing.MonitoringProgram;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus with the generated rules scrapes the real service, behind PgBouncer, and real exporters under a small load: what the rules and
 * panels ask for is there, is a number, and is the number that the load makes.
 */
class LiveMonitoringTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final Catalog CATALOG = TraybCatalog.withDefaults();
    private static final Printer RULES = Printer.forRules(CATALOG.thresholds());
    private static final Printer PANELS = Printer.forDashboards(CATALOG.thresholds());

    /** What rightly isn't there while all is well: such a series is born with the first thing that it counts. */
    private static final List<String> NOT_THERE_WHILE_ALL_IS_WELL =
            List.of("status=~\"5..\"", JobMetrics.STALLED.name(), JobMetrics.LEASE_CONFLICTS.name());

    private static final String DROPS_ALERT = "TraybSseEventsDropped";
    private static final String DROPPED = "sum(" + EventMetrics.DROPPED.name() + "{reason=\"slow-consumer\"})";

    /** What a picture shows. */
    private static final Duration PAST = Duration.ofMinutes(4);

    private static final int COMPLETED = 12;
    private static final int FAILED = 3;
    private static final int KEPT_WAITING = 7;

    @TempDir
    private static Path folder;

    private static final List<AutoCloseable> running = new ArrayList<>();
    private static final AtomicBoolean loading = new AtomicBoolean(true);
    private static MonitoringProgram prometheus;
    private static ServiceClient client;
    private static int port;
    private static Thread load;

    @BeforeAll
    static void start_it_all_and_load_it_a_little() throws Exception {
        Generator.ofDeployment(folder, CATALOG).write();
        Path home = folder.resolve("monitoring/prometheus");
        // Each second instead of every fifteen, so that nobody waits for minutes.
        Path configuration = home.resolve("prometheus.yml");
        Files.writeString(configuration, Files.readString(configuration).replace("15s", "1s"));
        prometheus = opened(MonitoringProgram.prometheus(home));
        DatabaseUrl url = database.url();
        TestPgBouncer pgbouncer = opened(TestPgBouncer.before(url));
        Map<String, String> variables = new TreeMap<>(TestService.outside(
                pgbouncer.through(url), redis.port(), Files.createDirectories(folder.resolve("data"))));
        variables.put("PGBOUNCER_URL", pgbouncer.consoleUrl());
        variables.put("PROMETHEUS_URL", prometheus.address().toString());
        variables.put("QUEUE_METRICS_POLL_MS", "500");
        // What is kept of the log in memory would save a slow client from losing anything.
        TestService service =
                opened(TestService.start(variables, ConfigOverride.config("events.recentBytes", "64KiB")));
        client = service.client();
        port = service.port();
        follow();
        target(home.resolve("targets/trayb.json"), service.adminPort());
        target(
                home.resolve("redis-exporter.json"),
                opened(MonitoringProgram.redisExporter(folder, redis.port()))
                        .address()
                        .getPort());
        target(
                home.resolve("postgres-exporter.json"),
                opened(MonitoringProgram.postgresExporter(folder, url))
                        .address()
                        .getPort());
        prometheus.reload();
        client.post("/queues/kept/pause");
        client.post(
                "/schedules",
                "{\"name\":\"tick\",\"intervalMs\":1000,\"job\":{\"queue\":\"ticks\",\"type\":\"noop\"}}");
        client.submit("{\"queue\":\"strange\",\"type\":\"nobody-knows-it\"}");
        for (int i = 0; i < KEPT_WAITING; i++) {
            client.submit("{\"queue\":\"kept\",\"type\":\"noop\"}");
        }
        for (int i = 0; i < COMPLETED; i++) {
            client.submit("{\"queue\":\"done\",\"type\":\"echo\",\"payload\":1}");
        }
        client.submit("{\"queue\":\"rest\",\"type\":\"fail\",\"maxAttempts\":2,\"payload\":{\"times\":1}}");
        client.submit(
                "{\"queue\":\"rest\",\"type\":\"sleep\",\"maxAttempts\":1,\"timeoutMs\":100,\"payload\":{\"ms\":60000}}");
        String cancelled = client.submit("{\"queue\":\"rest\",\"type\":\"noop\",\"delayMs\":600000}");
        assertThat(client.delete("/jobs/" + cancelled).status()).isEqualTo(200);
        for (int i = 0; i < FAILED; i++) {
            client.submit("{\"queue\":\"broken\",\"type\":\"fail\",\"maxAttempts\":1}");
        }
        load = new Thread(LiveMonitoringTest::load, "load");
        load.start();
    }

    /** A few requests and jobs a second, until the tests are done. Each sleeps for 0.3 s: between the bounds 0.1 and 0.5. */
    private static void load() {
        for (int turn = 0; loading.get(); turn++) {
            String id = client.submit("{\"queue\":\"slow\",\"type\":\"sleep\",\"payload\":{\"ms\":300}}");
            client.awaitState(id, "completed");
            client.get("/jobs/" + id);
            client.get("/queues");
            if (turn % 5 == 0) {
                // What fails once, and what nobody wants any more, now and then.
                client.submit("{\"queue\":\"rest\",\"type\":\"fail\",\"maxAttempts\":2,\"payload\":{\"times\":1}}");
                client.delete("/jobs/" + client.submit("{\"queue\":\"rest\",\"type\":\"noop\",\"delayMs\":600000}"));
                client.get("/jobs/01890a5d-ac96-774b-bcce-b302099a8057");
            }
        }
    }

    /** A stream of all that happens to jobs, for the metrics of streams. */
    private static void follow() {
        CompletableFuture<HttpResponse<Void>> stream = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events?topic=jobs"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        opened(() -> stream.cancel(true));
    }

    private static <C extends AutoCloseable> C opened(C closeable) {
        running.add(0, closeable);
        return closeable;
    }

    private static void target(Path file, int port) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "[{\"targets\": [\"127.0.0.1:" + port + "\"]}]");
    }

    @AfterAll
    static void stop_it_all() throws Exception {
        loading.set(false);
        if (load != null) {
            load.join();
        }
        for (AutoCloseable closeable : running) {
            closeable.close();
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(assertion);
    }

    private static double number(String expression) throws Exception {
        JsonNode result = prometheus.query(expression);
        assertThat(result).as(expression).hasSize(1);
        return result.get(0).path("value").get(1).asDouble();
    }

    /** What makes an answer unfit to be shown or to be compared with. */
    private static void requireNumbers(String expression, JsonNode result) {
        for (JsonNode sample : result) {
            assertThat(sample.path("value").get(1).asText()).as(expression).doesNotContain("NaN", "Inf");
        }
    }

    private static boolean mustBeThere(String expression) {
        return NOT_THERE_WHILE_ALL_IS_WELL.stream().noneMatch(expression::contains);
    }

    @Test
    void every_query_of_every_panel_has_data_and_each_is_a_number() {
        List<String> expressions = new ArrayList<>();
        CATALOG.dashboards()
                .forEach(dashboard -> dashboard
                        .panels()
                        .forEach(panel -> panel.queries()
                                .forEach(query -> expressions.add(PANELS.print(query.expression())
                                        .replace("$job", ".+")
                                        .replace("$instance", ".+")
                                        .replace("$__rate_interval", "1m")))));
        assertThat(expressions).hasSizeGreaterThan(70);
        eventually(() -> {
            Set<String> empty = new TreeSet<>();
            for (String expression : expressions) {
                JsonNode result = prometheus.query(expression);
                requireNumbers(expression, result);
                if (result.isEmpty() && mustBeThere(expression)) {
                    empty.add(expression);
                }
            }
            assertThat(empty).isEmpty();
        });
    }

    @Test
    void every_rule_is_evaluated_without_an_error_and_all_that_it_asks_for_is_there() {
        List<Vector> rules = new ArrayList<>();
        CATALOG.recordings().forEach(rule -> rules.add(rule.expression()));
        CATALOG.alerts().forEach(alert -> rules.add(alert.condition()));
        eventually(() -> {
            Set<String> empty = new TreeSet<>();
            for (Vector rule : rules) {
                requireNumbers(RULES.print(rule), prometheus.query(RULES.print(rule)));
                for (Expr part : (Iterable<Expr>) rule.everything()::iterator) {
                    if (part instanceof Vector.Selected selected) {
                        String selector = RULES.print(selected);
                        if (mustBeThere(selector) && prometheus.query(selector).isEmpty()) {
                            empty.add(selector);
                        }
                    }
                }
            }
            assertThat(empty).isEmpty();
            for (JsonNode group : prometheus.get("/api/v1/rules").path("data").path("groups")) {
                for (JsonNode rule : group.path("rules")) {
                    assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
                }
            }
        });
    }

    @Test
    void what_recording_rules_record_is_there_and_each_is_a_number() {
        eventually(() -> CATALOG.recordings().forEach(rule -> {
            try {
                JsonNode result = prometheus.query(rule.name());
                assertThat(result).as(rule.name()).hasSize(1);
                requireNumbers(rule.name(), result);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
    }

    @Test
    void jobs_completed_failed_waiting_and_of_unknown_types_are_as_many_as_were_submitted() {
        eventually(() -> {
            assertThat(number("trayb_jobs_completed_total{queue=\"done\"}")).isEqualTo(COMPLETED);
            assertThat(number("sum(trayb_jobs_failed_total{queue=\"broken\"})")).isEqualTo(FAILED);
            assertThat(number("sum(trayb_jobs_failed_stock{queue=\"broken\"})")).isEqualTo(FAILED);
            assertThat(number("trayb_jobs_waiting{queue=\"kept\"}")).isEqualTo(KEPT_WAITING);
            assertThat(number("trayb_jobs_unknown_type")).isEqualTo(1);
            // The panel and the alias count what waits over all queues, however many processes tell it.
            double waiting = KEPT_WAITING + 1;
            assertThat(number("sum(max by (queue) (trayb_jobs_waiting))")).isEqualTo(waiting);
            assertThat(number("trayb_bullmq_waiting_jobs")).isEqualTo(waiting);
        });
    }

    @Test
    void the_95th_percentile_of_run_time_is_that_of_jobs_that_sleep_for_300_ms() {
        // All within (0.1, 0.5], but for what the machine held up: Prometheus puts the 95th percentile of those 95
        // hundredths
        // of the way through the bucket.
        eventually(() -> assertThat(
                        number(
                                "histogram_quantile(0.95, sum by (le) (rate(trayb_job_duration_seconds_bucket{queue=\"slow\"}[1m])))"))
                .isBetween(0.1 + 0.95 * 0.4 - 0.001, 0.6));
    }

    @Test
    void the_dropped_events_are_as_many_as_a_slow_client_lost_and_the_alert_on_them_fires() throws Exception {
        double before = number(DROPPED);
        long lost;
        try (SlowFollower follower = SlowFollower.open(port, redis)) {
            lost = follower.lose();
        }
        assertThat((double) lost).isGreaterThan(TraybThresholds.SSE_DROPS.value());
        eventually(() -> {
            assertThat(number(DROPPED)).isEqualTo(before + lost);
            assertThat(number("ALERTS{alertname=\"" + DROPS_ALERT + "\",alertstate=\"firing\"}"))
                    .isEqualTo(1);
        });
    }

    @Test
    void only_what_should_fire_fires_and_the_service_finds_its_own_rules_loaded() {
        eventually(() -> {
            assertThat(number("trayb_monitoring_comparisons_total{result=\"same\"}"))
                    .isPositive();
            assertThat(number("trayb_monitoring_rules_differing")).isZero();
            JsonNode firing = prometheus.query("ALERTS{alertstate=\"firing\"}");
            assertThat(firing)
                    .extracting(alert -> alert.path("metric").path("alertname").asText())
                    // Another test may have made somebody lose events a moment ago.
                    .filteredOn(alert -> !alert.equals(DROPS_ALERT))
                    .containsExactly("TraybWatchdog");
        });
    }

    /** What has nothing to show while nothing goes wrong; docs/dashboards.md says so. */
    private static final Set<String> RIGHTLY_EMPTY = Set.of();

    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void every_panel_has_something_to_show_and_each_dashboard_is_pictured_for_the_documentation() throws Exception {
        try (SlowFollower follower = SlowFollower.open(port, redis)) {
            follower.lose();
        }
        // Percentiles, rates and the recording rules over hours have a past to show by then.
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> number("time() - process_start_time_seconds{job=\"trayb\"}") > PAST.toSeconds());
        Instant to = Instant.now();
        Map<String, List<String>> empty = new TreeMap<>();
        for (Map.Entry<String, String> dashboard :
                Artifacts.of(CATALOG).dashboards().entrySet()) {
            DashboardPicture picture = new DashboardPicture(
                    dashboard.getValue(), prometheus, to.minus(PAST).plusSeconds(20), to);
            Path png = Path.of("../docs/images/dashboards", dashboard.getKey() + ".png");
            picture.draw(png, folder);
            assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(DashboardPicture.WIDTH);
            assertThat(Files.size(png)).as(png + " in bytes").isLessThan(300_000);
            List<String> nothing = new ArrayList<>(picture.emptyPanels());
            nothing.removeAll(RIGHTLY_EMPTY);
            if (!nothing.isEmpty()) {
                empty.put(dashboard.getKey(), nothing);
            }
        }
        assertThat(empty).isEmpty();
    }

    @Test
    void foreign_metrics_are_those_that_the_real_exporters_have() {
        eventually(() -> {
            for (var metric : CATALOG.metrics()) {
                if (metric.origin() != Origin.TRAYB) {
                    JsonNode result = prometheus.query(metric.sampleNames().get(0) + "{job=\""
                            + metric.origin().job() + "\"}");
                    assertThat(result).as(metric.name()).isNotEmpty();
                    for (String label : metric.labelNames()) {
                        assertThat(result.get(0).path("metric").has(label))
                                .as(metric.name() + " has the label " + label)
                                .isTrue();
                    }
                }
            }
        });
    }
}
