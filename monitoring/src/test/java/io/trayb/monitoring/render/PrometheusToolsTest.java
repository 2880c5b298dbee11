package io.trayb.monitoring.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Tool;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.catalog.TraybThresholds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is generated for Prometheus, as Prometheus' own tools see it. */
class PrometheusToolsTest {
    @TempDir
    private Path folder;

    private void write(Artifacts artifacts) throws IOException {
        for (String path : new String[] {RulesFile.PATH, RuleTestsFile.PATH, PrometheusFile.PATH}) {
            Files.writeString(
                    folder.resolve(Path.of(path).getFileName()),
                    artifacts.files().get(path));
        }
    }

    private Tool.Outcome promtool(String... arguments) {
        return Tool.PROMTOOL.run(folder, arguments);
    }

    @Test
    void the_rules_and_the_configuration_are_valid() throws IOException {
        write(Artifacts.of(TraybCatalog.withDefaults()));
        assertThat(promtool("check", "rules", "rules.yml"))
                .satisfies(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.output()).isZero());
        assertThat(promtool("check", "config", "prometheus.yml"))
                .satisfies(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.output()).isZero());
    }

    @Test
    void every_alert_fires_when_it_should_and_only_then() throws IOException {
        write(Artifacts.of(TraybCatalog.withDefaults()));
        assertThat(promtool("test", "rules", "rules.test.yml"))
                .satisfies(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.output()).isZero());
    }

    @Test
    void the_proofs_follow_the_thresholds() throws IOException {
        write(Artifacts.of(TraybCatalog.with(Map.of(
                TraybThresholds.SSE_DROPS.name(), 120.0,
                TraybThresholds.API_LATENCY.name(), 0.25,
                TraybThresholds.JOB_FAILURES.name(), 3.0,
                TraybThresholds.TARGET_DOWN.name(), 180.0,
                TraybThresholds.WORKER_HEARTBEAT.name(), 45.0))));
        assertThat(promtool("test", "rules", "rules.test.yml"))
                .satisfies(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.output()).isZero());
    }

    @Test
    void a_rule_that_is_off_by_one_does_not_pass_its_proof() throws IOException {
        for (String[] change : new String[][] {
            {"> 100\n", "> 101\n"},
            {"> 100\n", "> 99\n"},
            {"> 200\n", "> 199\n"},
            {"> 5\n", "> 4\n"},
            {"> 0.5 and", "> 0.75 and"},
            {"> 0.1\n", "> 0.01\n"},
            {"for: 15m", "for: 16m"},
            {"max by (queue)", "sum by (queue)"},
            {"severity: critical", "severity: warning"},
        }) {
            write(Artifacts.of(TraybCatalog.withDefaults()));
            Path rules = folder.resolve("rules.yml");
            String text = Files.readString(rules);
            assertThat(text).contains(change[0]);
            Files.writeString(rules, text.replace(change[0], change[1]));
            assertThat(promtool("test", "rules", "rules.test.yml").exitCode())
                    .as(change[0] + " became " + change[1])
                    .isNotZero();
        }
    }
}
