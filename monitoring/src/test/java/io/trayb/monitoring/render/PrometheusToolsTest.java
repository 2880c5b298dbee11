package io.trayb.monitoring.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Tool;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.catalog.TraybThresholds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
    void every_alert_fires_when_it_should_and_only_then() {
        assertThat(failuresOf(Artifacts.of(TraybCatalog.withDefaults()), alert -> true))
                .isEmpty();
    }

    private Map<String, String> failuresOf(Artifacts artifacts, Predicate<String> ofAlert) {
        ProofRun run = new ProofRun(folder);
        run.addAll(artifacts.rules(), artifacts, ofAlert);
        return run.failures();
    }

    @Test
    void the_proofs_follow_the_thresholds() {
        assertThat(failuresOf(
                        Artifacts.of(TraybCatalog.with(Map.of(
                                TraybThresholds.SSE_DROPS.name(), 120.0,
                                TraybThresholds.API_LATENCY.name(), 0.25,
                                TraybThresholds.API_SLOW.name(), 1.0,
                                TraybThresholds.API_SLOW_BUDGET.name(), 0.02,
                                TraybThresholds.JOB_FAILURES.name(), 3.0,
                                TraybThresholds.TARGET_DOWN.name(), 180.0,
                                TraybThresholds.OLDEST_WAITING.name(), 300.0,
                                TraybThresholds.POOL_EXHAUSTED.name(), 120.0,
                                TraybThresholds.WORKER_HEARTBEAT.name(), 45.0))),
                        Set.of(
                                "TraybSseEventsDropped",
                                "TraybApiLatencyHigh",
                                "TraybApiLatencyBudgetBurnsFast",
                                "TraybJobFailures",
                                "TraybTargetDown",
                                "TraybJobOldestWaiting",
                                "TraybDatabasePoolExhausted",
                                "TraybWorkerHeartbeatMissing")::contains))
                .isEmpty();
    }

    @Test
    void a_rule_that_is_a_little_too_strict_does_not_pass_its_proof() {
        String output = proofsOfChangedRules(Map.of(
                "> 100\n", "> 101\n",
                "> 200\n", "> 201\n",
                "> 5\n", "> 6\n",
                "> 0.5 and", "> 0.75 and",
                "for: 15m", "for: 16m",
                "for: 2m", "for: 3m",
                "{dependency=\"redis\"} > 60", "{dependency=\"redis\"} > 61"));
        assertThat(output)
                .contains(
                        "TraybSseEventsDropped fires just above the threshold",
                        "TraybJobBacklog fires just above the threshold",
                        "TraybJobFailures fires just above the threshold",
                        "TraybApiLatencyHigh fires when six in a hundred are slow",
                        "TraybRulesDrifted fires for the process with other rules",
                        "TraybTargetAbsent fires when there has never been a target",
                        "TraybRedisHeartbeatMissing fires for the instance that is overdue");
    }

    @Test
    void a_rule_that_is_a_little_too_lax_or_forgets_something_does_not_pass_its_proof() {
        String output = proofsOfChangedRules(Map.of(
                "> 100\n", "> 99\n",
                "sum(max by (queue) (trayb_jobs_waiting)) > 200", "sum(trayb_jobs_waiting) > 200",
                "unless trayb_jobs_failed_total offset 1m) and on (job, instance) up offset 1m == 1)",
                        "unless trayb_jobs_failed_total offset 1m))",
                "> 0.1\n", "> 0.01\n",
                "for: 15m", "for: 14m",
                "{dependency=\"postgres\"} > 60\n        labels:\n          severity: critical",
                        "{dependency=\"postgres\"} > 60\n        labels:\n          severity: warning",
                " and sum(max by (queue) (trayb_jobs_waiting)) > 0", ""));
        assertThat(output)
                .contains(
                        "TraybSseEventsDropped stays quiet on the threshold",
                        "TraybJobBacklog stays quiet when two instances together are just below the threshold",
                        "TraybJobFailures stays quiet when Prometheus meets an old series for the first time",
                        "TraybApiLatencyHigh stays quiet when all are slow, but hardly any",
                        "TraybRulesDrifted stays quiet until it has lasted",
                        "TraybPostgresHeartbeatMissing fires for the instance that is overdue",
                        "TraybWorkerHeartbeatMissing stays quiet while no job waits");
    }

    private String proofsOfChangedRules(Map<String, String> changes) {
        Artifacts artifacts = Artifacts.of(TraybCatalog.withDefaults());
        String text = artifacts.rules();
        for (Map.Entry<String, String> change : changes.entrySet()) {
            assertThat(text).contains(change.getKey());
            text = text.replace(change.getKey(), change.getValue());
        }
        ProofRun run = new ProofRun(folder);
        run.addAll(text, artifacts, alert -> !alert.contains("Budget"));
        return String.join("\n", run.failures().values());
    }
}
