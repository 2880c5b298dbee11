package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.JarLocation;
import io.trayb.monitoring.catalog.ServiceMetrics;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Contact;
import io.trayb.monitoring.setup.OfficeHours;
import io.trayb.monitoring.setup.Setup;
import io.trayb.testing.MonitoringProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deployed against what would be generated, with a real Prometheus and a real Alertmanager. */
class MonitoringCommandTest {
    /** Everything that a setup can say, so that all of it is compared. */
    private static final Setup SETUP = new Setup(
            Map.of("waitingJobs", 300.0),
            new Alerting(
                    Map.of(
                            "platform-page",
                            List.of(new Contact.PagerDuty("secrets/pagerduty")),
                            "platform-ticket",
                            List.of(
                                    new Contact.Slack("#platform", "secrets/slack"),
                                    new Contact.Email(
                                            "ops@example.org",
                                            "trayb@example.org",
                                            "127.0.0.1:25",
                                            "trayb",
                                            "secrets/mail")),
                            "watchdog",
                            List.of(new Contact.Webhook("http://127.0.0.1:9/watchdog", "secrets/webhook"))),
                    new OfficeHours("Europe/Berlin", "monday:thursday", "09:00", "16:30"),
                    Map.of("region", "north"),
                    "https://git.example.org/trayb/",
                    "https://grafana.example.org"));

    @TempDir
    private static Path root;

    private static Path rules;
    private static Path routes;
    private static Path dashboards;
    private static MonitoringProgram prometheus;
    private static MonitoringProgram alertmanager;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void deploy_what_is_generated() throws IOException {
        Generator.ofDeployment(root, TraybCatalog.in(SETUP)).write();
        rules = root.resolve("monitoring/prometheus/rules.yml");
        routes = root.resolve("alertmanager/alertmanager.yml");
        dashboards = root.resolve("grafana/dashboards");
        Files.createDirectories(root.resolve("alertmanager/secrets"));
        for (String secret : List.of("pagerduty", "slack", "mail", "webhook")) {
            Files.writeString(root.resolve("alertmanager/secrets").resolve(secret), "http://127.0.0.1:9/");
        }
        prometheus = MonitoringProgram.prometheus(root.resolve("monitoring/prometheus"));
        alertmanager = MonitoringProgram.alertmanager(root.resolve("alertmanager"));
    }

    @AfterAll
    static void stop() {
        prometheus.close();
        alertmanager.close();
    }

    @BeforeEach
    void begin_with_what_is_generated() throws Exception {
        Generator.ofDeployment(root, TraybCatalog.in(SETUP)).write();
        prometheus.reload();
        alertmanager.reload();
    }

    private boolean diff(String... arguments) throws Exception {
        Bootstrap<Configuration> bootstrap = new Bootstrap<>(new Application<>() {
            @Override
            public void run(Configuration configuration, Environment environment) {
                throw new IllegalStateException("a comparison starts no service");
            }
        });
        bootstrap.addCommand(new MonitoringCommand<>(
                Configuration.class,
                (configuration, environment) -> SETUP,
                new PrintStream(out, true, StandardCharsets.UTF_8)));
        Cli cli = new Cli(new JarLocation(getClass()), bootstrap, out, err);
        String[] all = new String[arguments.length + 2];
        all[0] = "monitoring";
        all[1] = "diff";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        out.reset();
        return cli.run(all).isEmpty();
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private boolean diffOfRules() throws Exception {
        return diff("--prometheus", prometheus.address().toString());
    }

    private static void change(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, with));
    }

    @Test
    void what_was_generated_and_deployed_does_not_differ_whatever_was_set() throws Exception {
        boolean same = diff(
                "--prometheus", prometheus.address().toString(),
                "--alertmanager", alertmanager.address().toString(),
                "--grafana-dir", dashboards.toString());
        assertThat(same).as(said() + err).isTrue();
        assertThat(said()).isEqualTo("what is deployed is what this build would generate" + System.lineSeparator());
    }

    @Test
    void each_rule_that_was_edited_taken_out_or_added_is_named_with_what_differs() throws Exception {
        change(rules, "trayb_jobs_waiting)) > 300", "trayb_jobs_waiting)) > 301");
        change(rules, "for: 2m", "for: 3m");
        change(rules, "- alert: TraybWatchdog", "- alert: TraybWatchcat");
        change(rules, "summary: \"Redis doesn't answer.\"", "summary: \"Never mind.\"");
        prometheus.reload();
        await().atMost(Duration.ofSeconds(30)).until(() -> !diffOfRules());
        assertThat(said().lines())
                .hasSize(6)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("rule TraybJobBacklog has expr ")
                        .contains(">301, but must have ")
                        .endsWith(">300"))
                .anySatisfy(
                        line -> assertThat(line).isEqualTo("rule TraybTargetAbsent has for 180s, but must have 120s"))
                .anySatisfy(line ->
                        assertThat(line).isEqualTo("rule TraybWatchcat is loaded, but isn't among this build's"))
                .anySatisfy(line -> assertThat(line).isEqualTo("rule TraybWatchdog isn't loaded"))
                .anySatisfy(line -> assertThat(line).startsWith("rule TraybRedisHeartbeatMissing has annotations "))
                .anySatisfy(line -> assertThat(line).isEqualTo("5 differences"));
    }

    @Test
    void a_running_service_exports_how_many_rules_differ_and_when_it_could_not_ask() throws Exception {
        Collectors collectors = new Collectors(TraybCatalog.withDefaults());
        RulesRecorder recorder = new RulesRecorder(collectors);
        String expected = Files.readString(rules);
        RulesWatch watch = new RulesWatch(expected, prometheus.address(), recorder, Duration.ofMillis(50));
        Collectors collectorsOfLost = new Collectors(TraybCatalog.withDefaults());
        RulesWatch lost = new RulesWatch(
                expected, alertmanager.address(), new RulesRecorder(collectorsOfLost), Duration.ofMillis(50));
        watch.start();
        lost.start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> compared(collectors, "same") > 0);
            assertThat(collectors.registry().getSampleValue(ServiceMetrics.RULES_DIFFERING.name()))
                    .isZero();
            change(rules, "trayb_jobs_waiting)) > 300", "trayb_jobs_waiting)) > 301");
            change(rules, "for: 2m", "for: 3m");
            prometheus.reload();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> collectors.registry().getSampleValue(ServiceMetrics.RULES_DIFFERING.name()) == 2);
            assertThat(compared(collectors, "different")).isPositive();
            assertThat(compared(collectors, "failed")).isZero();
            await().atMost(Duration.ofSeconds(30)).until(() -> compared(collectorsOfLost, "failed") > 0);
        } finally {
            watch.stop();
            lost.stop();
        }
    }

    private static double compared(Collectors collectors, String result) {
        return collectors
                .registry()
                .getSampleValue(ServiceMetrics.COMPARISONS.name(), new String[] {"result"}, new String[] {result});
    }

    @Test
    void rules_of_others_are_passed_over() throws Exception {
        Files.writeString(
                rules,
                "\n  - name: others\n    rules:\n      - alert: Theirs\n        expr: vector(1)\n",
                StandardOpenOption.APPEND);
        prometheus.reload();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> prometheus.get("/api/v1/rules").toString().contains("Theirs"));
        assertThat(diffOfRules()).as(said()).isTrue();
    }

    @Test
    void a_route_an_inhibition_an_hour_and_a_contact_that_differ_are_named_with_their_place() throws Exception {
        change(routes, "receiver: platform-page", "receiver: backend-page");
        change(routes, "alertname=~\"TraybSseEventsDropped\"", "alertname=~\"TraybOther\"");
        change(routes, "end_time: '16:30'", "end_time: '17:30'");
        change(routes, "channel: \"#platform\"", "channel: \"#random\"");
        change(routes, "repeat_interval: 4h", "repeat_interval: 5h");
        alertmanager.reload();
        assertThat(diff("--alertmanager", alertmanager.address().toString())).isFalse();
        assertThat(said().lines())
                .containsExactly(
                        "alertmanager /route/repeat_interval is \"5h\", but must be \"4h\"",
                        "alertmanager /route/routes/2/routes/0/receiver is \"backend-page\", but must be \"platform-page\"",
                        "alertmanager /inhibit_rules/1/target_matchers/0 is \"alertname=~\\\"TraybOther\\\"\", but must be"
                                + " \"alertname=~\\\"TraybSseEventsDropped\\\"\"",
                        "alertmanager /time_intervals/0/time_intervals/0/times/0/end_time is \"17:30\", but must be \"16:30\"",
                        "alertmanager /receivers/3/slack_configs/0/channel is \"#random\", but must be \"#platform\"",
                        "5 differences");
    }

    @Test
    void a_dashboard_that_was_edited_deleted_or_added_is_named() throws Exception {
        change(dashboards.resolve("trayb-jobs.json"), "\"Oldest waiting job\"", "\"Oldest job\"");
        Files.delete(dashboards.resolve("trayb-api.json"));
        Files.writeString(dashboards.resolve("old.json"), "{\"uid\": \"trayb-old\"}");
        Files.writeString(dashboards.resolve("theirs.json"), "{\"uid\": \"theirs\"}");
        try {
            assertThat(diff("--grafana-dir", dashboards.toString())).isFalse();
            assertThat(said().lines())
                    .containsExactly(
                            "dashboard trayb-old is there, but isn't among this build's: in old.json",
                            "dashboard trayb-jobs /panels/1/title is \"Oldest job\", but must be \"Oldest waiting job\"",
                            "dashboard trayb-api isn't there",
                            "3 differences");
        } finally {
            Files.delete(dashboards.resolve("old.json"));
            Files.delete(dashboards.resolve("theirs.json"));
        }
    }

    @Test
    void what_does_not_answer_fails_with_a_sentence_and_so_does_a_comparison_with_nothing() throws Exception {
        assertThat(diff("--prometheus", alertmanager.address().toString())).isFalse();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("/api/v1/rules answers 404");
        assertThat(diff()).isFalse();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("say what to compare: --prometheus URL")
                .doesNotContain("Exception");
    }
}
