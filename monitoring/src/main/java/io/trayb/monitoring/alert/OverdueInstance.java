package io.trayb.monitoring.alert;

import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The proof of an alert on the age of a timestamp that each instance has of its own: it names the instance that is overdue,
 * and only that one.
 *
 * @param labels which of the gauge's series
 */
public record OverdueInstance(Gauge timestamp, Map<String, String> labels, Threshold threshold) implements Proof {
    /** A second is what the thresholds are written in. */
    private static final double STEP = 1;

    @Override
    public List<Case> cases(Thresholds thresholds) {
        double limit = thresholds.value(threshold);
        return List.of(
                new Case(
                        "fires for the instance that is overdue, not for its neighbour",
                        List.of(aged(1, limit + STEP), aged(2, limit - STEP)),
                        AroundThreshold.ASKED_AT,
                        List.of(firing(1, limit + STEP))),
                new Case(
                        "fires for each instance that is overdue",
                        List.of(aged(1, limit + STEP), aged(2, limit + STEP)),
                        AroundThreshold.ASKED_AT,
                        List.of(firing(1, limit + STEP), firing(2, limit + STEP))),
                quiet("stays quiet on the threshold", List.of(aged(1, limit))),
                quiet("stays quiet just below the threshold", List.of(aged(1, limit - STEP))),
                quiet("stays quiet without any series", List.of()));
    }

    private TestSeries aged(int instance, double age) {
        return TestSeries.of(
                timestamp.name(),
                Stimulus.instance(instance),
                labels,
                Stimulus.constant(AroundThreshold.ASKED_AT.toSeconds() - age));
    }

    private Firing firing(int instance, double age) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put("job", Scrape.JOB);
        all.put("instance", Stimulus.instance(instance));
        return new Firing(all, age);
    }

    private static Case quiet(String promise, List<TestSeries> series) {
        return new Case(promise, series, AroundThreshold.ASKED_AT, List.of());
    }
}
