package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.absent;
import static io.trayb.monitoring.promql.PromQl.constant;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.recorded;
import static io.trayb.monitoring.promql.PromQl.total;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Vector;
import java.util.List;
import java.util.Map;

/** Alerts on the monitoring itself: that it sees the service, has the service's own rules, and reaches somebody. */
final class MonitoringAlerts {
    static final RecordingRule RULES_FINGERPRINT = new RecordingRule(
            "trayb:rules:fingerprint_info",
            Area.MONITORING,
            constant(1),
            Map.of(ServiceMetrics.FINGERPRINT_LABEL.name(), Catalog.FINGERPRINT),
            "Which rules Prometheus has loaded.");

    private static final Vector.Selected TARGETS = gauge(Scrape.UP, Matcher.is("job", Scrape.JOB));

    static final Alert TARGET_DOWN = alert("TraybTargetDown")
            .in(Area.MONITORING)
            .when(TARGETS.equalTo(0))
            .lasting(TraybThresholds.TARGET_DOWN)
            .severity(Severity.CRITICAL)
            .owner(Team.PLATFORM)
            .summary("A Trayb process can't be scraped.")
            .describes(
                    "Prometheus hasn't reached {{target}} for {{window}}. Alerts on what only this process exports have"
                            + " fallen silent.")
            .proof(MonitoringProofs.targetDown())
            .build();

    static final Alert TARGET_ABSENT = alert("TraybTargetAbsent")
            .in(Area.MONITORING)
            .when(absent(TARGETS))
            .lasting(TraybThresholds.TARGET_ABSENT)
            .severity(Severity.CRITICAL)
            .owner(Team.PLATFORM)
            .summary("Prometheus knows of no Trayb process.")
            .describes(
                    "For {{window}} the scrape job {{labels.job}} has had no target at all. Every other Trayb alert has"
                            + " fallen silent.")
            .proof(MonitoringProofs.targetAbsent())
            .build();

    static final Alert RULES_DRIFTED = alert("TraybRulesDrifted")
            .in(Area.MONITORING)
            .when(gauge(ServiceMetrics.FINGERPRINT_INFO)
                    .unless(recorded(RULES_FINGERPRINT.name()), ServiceMetrics.FINGERPRINT_LABEL.name()))
            .lasting(TraybThresholds.RULES_DRIFTED)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("Prometheus has other rules than the running service.")
            .describes(
                    "{{labels.instance}} was built with the rules {{labels.fingerprint}}, which Prometheus hasn't had"
                            + " loaded for {{window}}. Alerts may miss, or watch what is no longer there.")
            .proof(MonitoringProofs.rulesDrifted())
            .build();

    /** A rule that was edited where it is deployed keeps its file's fingerprint, and is found by this. */
    static final Alert RULES_DIFFER = alert("TraybRulesDiffer")
            .in(Area.MONITORING)
            .when(total(ServiceMetrics.RULES_DIFFERING).above(0))
            .lasting(TraybThresholds.RULES_DRIFTED)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("Rules in Prometheus were changed, or are missing.")
            .describes(
                    "{{value}} rules in Prometheus have differed for {{window}} from those that the running service was"
                            + " built with.")
            .proof(MonitoringProofs.rulesDiffer())
            .build();

    static final Alert WATCHDOG = alert("TraybWatchdog")
            .in(Area.MONITORING)
            .when(constant(1))
            .severity(Severity.INFO)
            .owner(Team.PLATFORM)
            .summary("The path from Prometheus to the pager works.")
            .describes("This alert always fires. Have it watched from outside: when it stops arriving, no other alert"
                    + " arrives either.")
            .proof(MonitoringProofs.watchdog())
            .build();

    private MonitoringAlerts() {}

    static List<Alert> all() {
        return List.of(TARGET_DOWN, TARGET_ABSENT, RULES_DRIFTED, RULES_DIFFER, WATCHDOG);
    }
}
