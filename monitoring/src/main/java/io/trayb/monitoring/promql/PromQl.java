package io.trayb.monitoring.promql;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Gauge.Fold;
import io.trayb.monitoring.metric.Gauge.Sharing;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where PromQL begins. What can't be right doesn't compile: a rate takes a counter, a quantile takes a histogram, and an
 * aggregation asks the declaration whether instances add up.
 */
public final class PromQl {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private PromQl() {}

    /** A gauge as it is, one sample an instance and label value. */
    public static Vector.Selected gauge(Gauge gauge, Matcher... matchers) {
        return select(gauge, gauge.name(), matchers);
    }

    /** What a recording rule recorded. */
    public static Vector.Selected recorded(String name, Matcher... matchers) {
        return new Vector.Selected(Series.recorded(name), List.of(matchers), null);
    }

    /** One number for the whole cluster: instances add up, or say the same fact, as the declaration has it. */
    public static Vector total(Gauge gauge, Matcher... matchers) {
        if (gauge.fold() == Fold.MAX) {
            return max(gauge(gauge, matchers));
        }
        if (gauge.sharing() == Sharing.OWN_SHARE) {
            return sum(gauge(gauge, matchers));
        }
        return gauge.labels().isEmpty() ? max(gauge(gauge, matchers)) : sum(oneFactPerLabels(gauge, matchers));
    }

    /** One number for the whole cluster and each value of the labels. */
    public static Vector totalBy(Gauge gauge, List<Label> by, Matcher... matchers) {
        if (gauge.fold() == Fold.MAX) {
            return maxBy(gauge(gauge, matchers), by);
        }
        if (gauge.sharing() == Sharing.OWN_SHARE) {
            return sumBy(gauge(gauge, matchers), by);
        }
        Vector facts = oneFactPerLabels(gauge, matchers);
        return names(by).containsAll(gauge.labelNames()) ? facts : sumBy(facts, by);
    }

    private static Vector oneFactPerLabels(Gauge gauge, Matcher... matchers) {
        return maxBy(gauge(gauge, matchers), gauge.labels());
    }

    /** Growth per second. */
    public static Vector rate(Counter counter, Window window, Matcher... matchers) {
        return new Vector.OverWindow("rate", select(counter, counter.name(), matchers), window);
    }

    /** Growth per second, over all instances and label values. */
    public static Vector perSecond(Counter counter, Window window, Matcher... matchers) {
        return sum(rate(counter, window, matchers));
    }

    /** Growth per second, over all instances, for each value of the labels. */
    public static Vector perSecondBy(Counter counter, Window window, List<Label> by, Matcher... matchers) {
        return sumBy(rate(counter, window, matchers), by);
    }

    /**
     * How much a counter grew in the last minute, over all instances and label values.
     *
     * <p>{@code increase} doesn't see a series' first value. Closed labels are exported at zero from the start, so nothing is
     * missed. A series with a client's label value is born with the first thing that it counts: its first value is added when
     * the instance was already scraped a minute before (else a Prometheus that comes back would count a whole past as new).
     */
    public static Vector inLastMinute(Counter counter) {
        Vector.Selected now = select(counter, counter.name());
        Vector growth = new Vector.OverWindow("increase", now, Window.of(MINUTE));
        if (counter.hasOnlyClosedLabels()) {
            return sum(growth);
        }
        Vector born = now.unless(now.ago(MINUTE));
        Vector watched = gauge(Scrape.UP).ago(MINUTE).equalTo(1);
        return sum(born.and(watched, "job", "instance").or(growth));
    }

    /** What a recording rule recorded, averaged over a window. */
    public static Vector average(Vector.Selected recorded, Window window) {
        return new Vector.OverWindow("avg_over_time", recorded, window);
    }

    /** The least that a gauge was within a window, one sample an instance and label value. */
    public static Vector lowest(Gauge gauge, Window window, Matcher... matchers) {
        return new Vector.OverWindow("min_over_time", gauge(gauge, matchers), window);
    }

    /**
     * Observations per second that were at most a threshold, over all instances and label values.
     *
     * @throws IllegalArgumentException when the threshold isn't one of the histogram's bounds
     */
    public static Vector observationsUpTo(Threshold bound, Histogram histogram, Window window, Matcher... matchers) {
        if (!histogram.equals(bound.boundOf())) {
            throw new IllegalArgumentException(
                    "threshold '" + bound.name() + "' must be a bound of " + histogram.name());
        }
        List<Matcher> all = new ArrayList<>(List.of(matchers));
        all.add(Matcher.upTo(bound));
        return sum(new Vector.OverWindow(
                "rate", select(histogram, histogram.name() + "_bucket", all.toArray(Matcher[]::new)), window));
    }

    /** Observations per second, over all instances and label values. */
    public static Vector observationsPerSecond(Histogram histogram, Window window, Matcher... matchers) {
        return sum(count(histogram, window, matchers));
    }

    public static Vector observationsPerSecondBy(
            Histogram histogram, Window window, List<Label> by, Matcher... matchers) {
        return sumBy(count(histogram, window, matchers), by);
    }

    private static Vector count(Histogram histogram, Window window, Matcher... matchers) {
        return new Vector.OverWindow("rate", select(histogram, histogram.name() + "_count", matchers), window);
    }

    /**
     * A quantile over all instances. In a rule it is NaN while nothing is observed: guard it with a least rate. In a panel it is
     * nothing then.
     */
    public static Vector quantile(double quantile, Histogram histogram, Window window, Matcher... matchers) {
        return quantileBy(quantile, histogram, window, List.of(), matchers);
    }

    public static Vector quantileBy(
            double quantile, Histogram histogram, Window window, List<Label> by, Matcher... matchers) {
        Vector buckets =
                new Vector.OverWindow("rate", select(histogram, histogram.name() + "_bucket", matchers), window);
        List<String> labels = new ArrayList<>(names(by));
        labels.add("le");
        return numbersOnly(window, new Vector.Quantile(quantile, new Vector.Aggregated("sum", labels, buckets)));
    }

    /**
     * The mean of what was observed, over all instances, for each value of the labels. It is exact, as quantiles aren't: of a histogram
     * of small whole numbers a quantile lies somewhere between two of them. In a panel it is nothing while nothing is observed.
     */
    public static Vector meanBy(Histogram histogram, Window window, List<Label> by, Matcher... matchers) {
        Vector sum = new Vector.OverWindow("rate", select(histogram, histogram.name() + "_sum", matchers), window);
        return numbersOnly(window, sumBy(sum, by).dividedBy(sumBy(count(histogram, window, matchers), by)));
    }

    /** In a panel a NaN is nothing to look at. */
    private static Vector numbersOnly(Window window, Vector estimated) {
        return window instanceof Window.OfPanel
                ? new Vector.Combined(estimated, Operator.AT_LEAST, new Scalar.Literal(0), null)
                : estimated;
    }

    /** Seconds since the time that a gauge holds. */
    public static Vector age(Vector timestamp) {
        return new Vector.Combined(new Scalar.Time(), Operator.MINUS, timestamp, null);
    }

    public static Vector absent(Vector.Selected samples) {
        return new Vector.Absent(samples);
    }

    /** One sample without labels, of always the same value. */
    public static Vector constant(double value) {
        return new Vector.Constant(value);
    }

    public static Vector sum(Vector of) {
        return new Vector.Aggregated("sum", List.of(), of);
    }

    public static Vector sumBy(Vector of, List<Label> by) {
        return new Vector.Aggregated("sum", names(by), of);
    }

    public static Vector max(Vector of) {
        return new Vector.Aggregated("max", List.of(), of);
    }

    public static Vector maxBy(Vector of, List<Label> by) {
        return new Vector.Aggregated("max", names(by), of);
    }

    private static Vector.Selected select(Metric metric, String sampleName, Matcher... matchers) {
        return new Vector.Selected(new Series(sampleName, metric), List.of(matchers), null);
    }

    private static List<String> names(List<Label> labels) {
        return labels.stream().map(Label::name).toList();
    }
}
