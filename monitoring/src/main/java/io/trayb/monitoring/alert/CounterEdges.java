package io.trayb.monitoring.alert;

import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What goes wrong with counters: a restart that sets one back, and a series whose first value is already many. */
public record CounterEdges(Counter counter, Threshold perMinute) implements Proof {
    private static final int ASKED_AT_SCRAPE =
            (int) (AroundThreshold.ASKED_AT.toSeconds() / Scrape.INTERVAL.toSeconds());

    @Override
    public List<Case> cases(Thresholds thresholds) {
        double limit = thresholds.value(perMinute);
        List<Case> cases = new ArrayList<>();
        cases.add(quiet(
                "stays quiet when a restart sets the counter back",
                steady(Decimal.plain(limit * 10) + "+0x" + (ASKED_AT_SCRAPE - 2) + " 0+0x80")));
        if (!counter.hasOnlyClosedLabels()) {
            String born = "_x" + (ASKED_AT_SCRAPE - 2) + " " + Decimal.plain(limit + 1) + "+0x80";
            TestSeries watched = TestSeries.of(Scrape.UP.name(), Stimulus.instance(1), Map.of(), Stimulus.constant(1));
            cases.add(new Case(
                    "fires when a series is born with more than the threshold",
                    List.of(steady(born), watched),
                    AroundThreshold.ASKED_AT,
                    List.of(new Firing(Map.of(), limit + 1))));
            String early = "_x" + (ASKED_AT_SCRAPE - 6) + " " + Decimal.plain(limit + 1) + "+0x80";
            cases.add(new Case(
                    "stays quiet when a series was born with many more than a minute ago",
                    List.of(steady(early), watched),
                    AroundThreshold.ASKED_AT,
                    List.of()));
            TestSeries justWatched = TestSeries.of(
                    Scrape.UP.name(), Stimulus.instance(1), Map.of(), "_x" + (ASKED_AT_SCRAPE - 6) + " 1+0x80");
            cases.add(new Case(
                    "fires when a series is born and its instance has been watched for little more than a minute",
                    List.of(steady(born), justWatched),
                    AroundThreshold.ASKED_AT,
                    List.of(new Firing(Map.of(), limit + 1))));
            TestSeries other = new TestSeries(
                    Scrape.UP.name(), Map.of("job", "other", "instance", Stimulus.instance(1)), Stimulus.constant(1));
            cases.add(new Case(
                    "stays quiet when only another job watched the instance",
                    List.of(steady(born), other),
                    AroundThreshold.ASKED_AT,
                    List.of()));
            cases.add(quiet("stays quiet when Prometheus meets an old series for the first time", steady(born)));
        }
        return List.copyOf(cases);
    }

    private TestSeries steady(String values) {
        return TestSeries.of(counter.name(), Stimulus.instance(1), Stimulus.example(counter), values);
    }

    private static Case quiet(String promise, TestSeries series) {
        return new Case(promise, List.of(series), AroundThreshold.ASKED_AT, List.of());
    }
}
