package io.trayb.monitoring.alert;

import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Gauge.Sharing;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The proof of an alert on a gauge that names what is in trouble: the instance where each has its own value, the label values
 * where all instances tell the same fact. It fires for that one and not for its neighbour.
 *
 * @param threshold that the gauge is compared with, or null when it is compared with zero
 * @param lasting how long it must be so, or null when it counts at once
 */
public record Apart(
        Gauge gauge,
        @Nullable Threshold threshold,
        @Nullable Threshold lasting) implements Proof {
    private static final double STEP = 1;

    /** Of an alert that fires as soon as the gauge is above a threshold. */
    public static Apart above(Gauge gauge, Threshold threshold) {
        return new Apart(gauge, threshold, null);
    }

    /** Of an alert that fires when the gauge has been above zero for some time. */
    public static Apart aboveZero(Gauge gauge, Threshold lasting) {
        return new Apart(gauge, null, lasting);
    }

    @Override
    public List<Case> cases(Thresholds thresholds) {
        double limit = threshold == null ? 0 : thresholds.value(threshold);
        double above = limit + STEP;
        double below = threshold == null ? 0 : limit - STEP;
        Duration at =
                lasting == null ? AroundThreshold.ASKED_AT : Duration.ofSeconds(Math.round(thresholds.value(lasting)));
        List<Case> cases = new ArrayList<>(List.of(
                new Case(
                        "fires for the one that is above, not for its neighbour",
                        both(above, below),
                        at,
                        List.of(firing(1, above))),
                new Case(
                        "fires for each that is above",
                        both(above, above),
                        at,
                        List.of(firing(1, above), firing(2, above))),
                new Case("stays quiet on the threshold", both(limit, below), at, List.of()),
                new Case("stays quiet without any series", List.of(), at, List.of())));
        if (threshold != null) {
            cases.add(new Case("stays quiet just below the threshold", both(below, below), at, List.of()));
        }
        if (lasting != null) {
            cases.add(new Case(
                    "stays quiet until it has lasted", both(above, below), at.minus(Scrape.INTERVAL), List.of()));
        }
        return List.copyOf(cases);
    }

    private List<TestSeries> both(double first, double second) {
        List<TestSeries> series = new ArrayList<>(one(1, first));
        series.addAll(one(2, second));
        return series;
    }

    /** The series of the first or the second: its own instance's, or what both instances tell about it. */
    private List<TestSeries> one(int number, double value) {
        String values = Stimulus.constant(value);
        if (isOfInstances()) {
            return List.of(TestSeries.of(gauge.name(), Stimulus.instance(number), Stimulus.example(gauge), values));
        }
        return List.of(
                TestSeries.of(gauge.name(), Stimulus.instance(1), labels(number), values),
                TestSeries.of(gauge.name(), Stimulus.instance(2), labels(number), values));
    }

    private Firing firing(int number, double value) {
        if (!isOfInstances()) {
            return new Firing(labels(number), value);
        }
        Map<String, String> labels = new TreeMap<>(Stimulus.example(gauge));
        labels.put("job", Scrape.JOB);
        labels.put("instance", Stimulus.instance(number));
        return new Firing(labels, value);
    }

    private Map<String, String> labels(int number) {
        Map<String, String> labels = new TreeMap<>();
        for (Label label : gauge.labels()) {
            labels.put(label.name(), label.name() + "-" + number);
        }
        return labels;
    }

    private boolean isOfInstances() {
        return gauge.sharing() == Sharing.OWN_SHARE;
    }
}
