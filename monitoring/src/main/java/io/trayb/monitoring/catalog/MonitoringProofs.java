package io.trayb.monitoring.catalog;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Case;
import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.alert.Proof;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.TestSeries;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Proofs of the alerts on the monitoring itself, which compare with no number but the time that they last. */
final class MonitoringProofs {
    private static final String FIRST = Stimulus.instance(1);
    private static final String SECOND = Stimulus.instance(2);

    private MonitoringProofs() {}

    static Proof targetDown() {
        return thresholds -> {
            List<TestSeries> oneDown = List.of(up(FIRST, 0), up(SECOND, 1));
            List<TestSeries> processes = List.of(up(FIRST, 1), process("jobs-1", 1), process("api-2", 0));
            Firing second = new Firing(Map.of("job", Scrape.JOB, "instance", FIRST, "process", "api-2"), 0);
            Firing firing = new Firing(Map.of("job", Scrape.JOB, "instance", FIRST), 0);
            Duration lasts = lasts(thresholds, TraybThresholds.TARGET_DOWN);
            return List.of(
                    new Case(
                            "fires for the target that is down, not for its neighbour",
                            oneDown,
                            lasts,
                            List.of(firing)),
                    new Case(
                            "names the process of a cluster that is down, and not its neighbour",
                            processes,
                            lasts,
                            List.of(second)),
                    quiet("stays quiet until it has lasted", oneDown, lasts.minus(Scrape.INTERVAL)),
                    quiet("stays quiet while all targets are up", List.of(up(FIRST, 1), up(SECOND, 1)), lasts),
                    quiet("stays quiet about other jobs' targets", List.of(otherJobDown()), lasts),
                    quiet("leaves the lack of all targets to its own alert", List.of(), lasts));
        };
    }

    static Proof targetAbsent() {
        return thresholds -> {
            Firing firing = new Firing(Map.of("job", Scrape.JOB), 1);
            Duration lasts = lasts(thresholds, TraybThresholds.TARGET_ABSENT);
            TestSeries gone = TestSeries.of(Scrape.UP.name(), FIRST, Map.of(), "1+0x3 stale");
            Duration afterGone = Scrape.INTERVAL.multipliedBy(4).plus(lasts);
            return List.of(
                    new Case("fires when there has never been a target", List.of(), lasts, List.of(firing)),
                    new Case("fires when the last target was taken away", List.of(gone), afterGone, List.of(firing)),
                    quiet("stays quiet until it has lasted", List.of(), lasts.minus(Scrape.INTERVAL)),
                    quiet("stays quiet while a target is up", List.of(up(FIRST, 1)), lasts),
                    quiet("leaves a target that is down to its own alert", List.of(up(FIRST, 0)), lasts));
        };
    }

    static Proof rulesDrifted() {
        return thresholds -> {
            Duration lasts = lasts(thresholds, TraybThresholds.RULES_DRIFTED);
            TestSeries same = builtWith(FIRST, Catalog.FINGERPRINT);
            TestSeries other = builtWith(SECOND, "another");
            Firing firing = new Firing(Map.of("job", Scrape.JOB, "instance", SECOND, "fingerprint", "another"), 1);
            return List.of(
                    new Case("fires for the process with other rules", List.of(same, other), lasts, List.of(firing)),
                    quiet("stays quiet until it has lasted", List.of(same, other), lasts.minus(Scrape.INTERVAL)),
                    quiet("stays quiet while the rules are the same", List.of(same), lasts),
                    quiet("stays quiet without any series", List.of(), lasts));
        };
    }

    static Proof rulesDiffer() {
        return thresholds -> {
            Duration lasts = lasts(thresholds, TraybThresholds.RULES_DRIFTED);
            List<TestSeries> both = List.of(differing(FIRST, 1), differing(SECOND, 1));
            return List.of(
                    new Case(
                            "fires once when both processes find the same rule that differs",
                            both,
                            lasts,
                            List.of(new Firing(Map.of(), 1))),
                    quiet("stays quiet until it has lasted", both, lasts.minus(Scrape.INTERVAL)),
                    quiet("stays quiet while none differs", List.of(differing(FIRST, 0), differing(SECOND, 0)), lasts),
                    quiet("stays quiet without any series", List.of(), lasts));
        };
    }

    private static TestSeries differing(String instance, double rules) {
        return TestSeries.of(ServiceMetrics.RULES_DIFFERING.name(), instance, Map.of(), Stimulus.constant(rules));
    }

    static Proof watchdog() {
        return thresholds -> List.of(new Case(
                "fires always, without any series", List.of(), Scrape.INTERVAL, List.of(new Firing(Map.of(), 1))));
    }

    private static TestSeries up(String instance, double value) {
        return TestSeries.of(Scrape.UP.name(), instance, Map.of(), Stimulus.constant(value));
    }

    /** One of a cluster's, which its supervisor tells of beside itself. */
    private static TestSeries process(String name, double value) {
        return TestSeries.of(Scrape.UP.name(), FIRST, Map.of("process", name), Stimulus.constant(value));
    }

    private static TestSeries otherJobDown() {
        return new TestSeries(Scrape.UP.name(), Map.of("job", "redis", "instance", "redis:9121"), Stimulus.constant(0));
    }

    private static TestSeries builtWith(String instance, String fingerprint) {
        return TestSeries.of(
                ServiceMetrics.FINGERPRINT_INFO.name(),
                instance,
                Map.of(ServiceMetrics.FINGERPRINT_LABEL.name(), fingerprint),
                Stimulus.constant(1));
    }

    private static Duration lasts(Thresholds thresholds, Threshold threshold) {
        return Duration.ofSeconds(Math.round(thresholds.value(threshold)));
    }

    private static Case quiet(String promise, List<TestSeries> series, Duration at) {
        return new Case(promise, series, at, List.of());
    }
}
