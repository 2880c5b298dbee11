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
        List<Map<String, String>> leftOut)
        implements Proof {
    private static final double QUANTILE = 0.95;
    private static final double ENOUGH = 1.05;
    private static final double TOO_LITTLE = 0.95;
    private static final Duration ASKED_AT = AroundThreshold.ASKED_AT;

    @Override
    public List<Case> cases(Thresholds thresholds) {
        double limit = thresholds.value(threshold);
        double least = thresholds.value(guard) * Scrape.INTERVAL.toSeconds();
        double few = least * TOO_LITTLE;
        double enough = least * ENOUGH;
        double many = least * 1000;
        Firing firing = new Firing(Map.of(), quantile(limit, 0.06));
        List<TestSeries> quick = observed(1, many, 0, limit, labels);
        List<Case> cases = new ArrayList<>(List.of(
                fires("fires when six in a hundred are slow", observed(1, many, 0.06, limit, labels), firing),
                fires(
                        "fires when one of two instances is slow enough for both, and both have just enough traffic",
                        concat(
                                observed(Stimulus.instance(1), enough / 2, 0.12, limit, labels),
                                observed(Stimulus.instance(2), enough / 2, 0, limit, labels)),
                        firing),
                quiet(
                        "stays quiet when what was slow is longer ago",
                        changing(many, 1, many, 0, Duration.ofMinutes(5), limit)),
                quiet(
                        "stays quiet when many were slow longer ago, and hardly any since",
                        changing(many, 1, few, 1, Duration.ofMinutes(5), limit)),
                quiet("stays quiet when exactly five in a hundred are slow", observed(1, many, 0.05, limit, labels)),
                quiet("stays quiet when four in a hundred are slow", observed(1, many, 0.04, limit, labels)),
                quiet("stays quiet when all are slow, but hardly any", observed(1, few, 1, limit, labels)),
                fires(
                        "fires when four in ten were slow until a minute ago, and nothing has come since",
                        changing(many, 0.4, 0, 0, ASKED_AT.minusMinutes(1), limit),
                        new Firing(Map.of(), quantile(limit, 0.4))),
                quiet("stays quiet without traffic", observed(1, 0, 0, limit, labels)),
                quiet("stays quiet without any series", List.of())));
        for (Map<String, String> other : leftOut) {
            String of = String.join(" ", new TreeMap<>(other).values());
            cases.add(quiet(
                    "stays quiet when what is left out is slow: " + of,
                    concat(quick, observed(1, many, 1, limit, other))));
            cases.add(quiet(
                    "stays quiet when hardly any count beside many that are left out: " + of,
                    concat(observed(1, few, 1, limit, labels), observed(1, many, 0, limit, other))));
        }
        return List.copyOf(cases);
    }

    /** Series of one instance that is observed so often, and slow in such a share, and then otherwise. */
    private List<TestSeries> changing(
            double before, double slowBefore, double after, double slowAfter, Duration at, double limit) {
        int scrapes = (int) (at.toSeconds() / Scrape.INTERVAL.toSeconds());
        String instance = Stimulus.instance(1);
        return List.of(
                bucket(
                        instance,
                        Decimal.plain(limit),
                        changing(before * (1 - slowBefore), after * (1 - slowAfter), scrapes),
                        labels),
                bucket(instance, Decimal.plain(boundAfter(limit)), changing(before, after, scrapes), labels),
                bucket(instance, "+Inf", changing(before, after, scrapes), labels),
                TestSeries.of(histogram.name() + "_count", instance, labels, changing(before, after, scrapes)));
    }

    private static String changing(double before, double after, int scrapes) {
        double first = rounded(before);
        double then = rounded(after);
        return "0+" + Decimal.plain(first) + "x" + scrapes + " " + Decimal.plain(rounded(first * scrapes + then + 1e-6))
                + "+" + Decimal.plain(then) + "x" + Stimulus.SCRAPES;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
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
        return bucket(instance, bound, growing(perScrape), of);
    }

    private TestSeries bucket(String instance, String bound, String values, Map<String, String> of) {
        Map<String, String> all = new TreeMap<>(of);
        all.put("le", bound);
        return TestSeries.of(histogram.name() + "_bucket", instance, all, values);
    }

    private static String growing(double perScrape) {
        return "0+" + Decimal.plain(rounded(perScrape)) + "x" + Stimulus.SCRAPES;
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
