package io.trayb.monitoring.alert;

import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The proof of an alert on the 95th percentile of a histogram: it fires when a little more than five in a hundred are slow,
 * stays quiet when it is a little less, and when there is next to nothing to take a percentile of.
 *
 * @param guard the least rate per second at which the percentile counts
 * @param labels of the series that are observed
 * @param leftOut labels of series that must not count, however slow
 */
public record SlowQuantile(
        Histogram histogram,
        Threshold threshold,
        Threshold guard,
        Map<String, String> labels,
        Map<String, String> leftOut)
        implements Proof {
    private static final double QUANTILE = 0.95;
    private static final Duration ASKED_AT = AroundThreshold.ASKED_AT;

    @Override
    public List<Case> cases(Thresholds thresholds) {
        double limit = thresholds.value(threshold);
        double few = thresholds.value(guard) * Scrape.INTERVAL.toSeconds() / 2;
        double many = few * 1000;
        Firing firing = new Firing(Map.of(), quantile(limit, 0.06));
        List<TestSeries> slowStream = observed(1, many, 1, limit, leftOut);
        List<TestSeries> quick = observed(1, many, 0, limit, labels);
        return List.of(
                fires("fires when six in a hundred are slow", observed(1, many, 0.06, limit, labels), firing),
                fires("fires when it is so over two instances", observed(2, many, 0.06, limit, labels), firing),
                quiet("stays quiet when exactly five in a hundred are slow", observed(1, many, 0.05, limit, labels)),
                quiet("stays quiet when four in a hundred are slow", observed(1, many, 0.04, limit, labels)),
                quiet("stays quiet when all are slow, but hardly any", observed(1, few, 1, limit, labels)),
                quiet("stays quiet when what is left out is slow", concat(quick, slowStream)),
                quiet("stays quiet without traffic", observed(1, 0, 0, limit, labels)),
                quiet("stays quiet without any series", List.of()));
    }

    /** Where Prometheus puts the percentile: it draws a straight line through the bucket that follows the limit. */
    private double quantile(double limit, double slow) {
        return limit + (boundAfter(limit) - limit) * (QUANTILE - (1 - slow)) / slow;
    }

    /** Series of so many observations a scrape, of which the slow share lies in the bucket that follows the limit. */
    private List<TestSeries> observed(
            int instances, double perScrape, double slow, double limit, Map<String, String> of) {
        return IntStream.rangeClosed(1, instances)
                .boxed()
                .flatMap(number -> observed(Stimulus.instance(number), perScrape / instances, slow, limit, of).stream())
                .toList();
    }

    private List<TestSeries> observed(
            String instance, double perScrape, double slow, double limit, Map<String, String> of) {
        double quick = perScrape * (1 - slow);
        return List.of(
                bucket(instance, Decimal.plain(limit), quick, of),
                bucket(instance, Decimal.plain(boundAfter(limit)), perScrape, of),
                bucket(instance, "+Inf", perScrape, of),
                TestSeries.of(histogram.name() + "_count", instance, of, growing(perScrape)));
    }

    private double boundAfter(double limit) {
        return histogram.buckets().get(histogram.buckets().indexOf(limit) + 1);
    }

    private TestSeries bucket(String instance, String bound, double perScrape, Map<String, String> of) {
        Map<String, String> all = new TreeMap<>(of);
        all.put("le", bound);
        return TestSeries.of(histogram.name() + "_bucket", instance, all, growing(perScrape));
    }

    private static String growing(double perScrape) {
        return "0+" + Decimal.plain(Math.round(perScrape * 1e6) / 1e6) + "x" + Stimulus.SCRAPES;
    }

    private static Case fires(String promise, List<TestSeries> series, Firing firing) {
        return new Case(promise, series, ASKED_AT, List.of(firing));
    }

    private static Case quiet(String promise, List<TestSeries> series) {
        return new Case(promise, series, ASKED_AT, List.of());
    }

    private static List<TestSeries> concat(List<TestSeries> some, List<TestSeries> more) {
        List<TestSeries> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
