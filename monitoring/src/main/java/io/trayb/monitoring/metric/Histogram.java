package io.trayb.monitoring.metric;

import java.util.List;

/**
 * How values spread, in buckets that can be added over instances.
 *
 * @param buckets upper bounds, rising, in the metric's unit; {@code +Inf} is added by the client library
 */
public record Histogram(String name, Unit unit, String help, List<Double> buckets, List<Label> labels, Origin origin)
        implements Metric {
    public Histogram {
        labels = Naming.check(name, help, labels, origin);
        buckets = List.copyOf(buckets);
        if (buckets.isEmpty() || !isRising(buckets)) {
            throw new IllegalArgumentException("buckets of '" + name + "' must rise, but are " + buckets);
        }
        if (unit == Unit.SECONDS && !name.endsWith("_seconds")) {
            throw new IllegalArgumentException(
                    "histogram '" + name + "' measures seconds: its name must end in _seconds");
        }
    }

    public static Histogram ofSeconds(String name, String help, List<Double> buckets, Label... labels) {
        return new Histogram(name, Unit.SECONDS, help, buckets, List.of(labels), Origin.TRAYB);
    }

    /** Of numbers of things. */
    public static Histogram ofCounts(String name, String help, List<Double> buckets, Label... labels) {
        return new Histogram(name, Unit.COUNT, help, buckets, List.of(labels), Origin.TRAYB);
    }

    /** A bucket's bound as the client library writes it into the label {@code le}: {@code 1.0} and not {@code 1}. */
    public static String boundLabel(double bound) {
        return Double.toString(bound);
    }

    private static boolean isRising(List<Double> bounds) {
        for (int i = 0; i < bounds.size(); i++) {
            if (!Double.isFinite(bounds.get(i)) || (i > 0 && bounds.get(i) <= bounds.get(i - 1))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a quantile can be compared with this value exactly. Between two bounds it is only estimated, and above the last
     * one Prometheus answers the last bound, so that nothing ever exceeds it.
     */
    public boolean canBeExceeded(double value) {
        return buckets.indexOf(value) >= 0 && value < buckets.get(buckets.size() - 1);
    }

    @Override
    public String type() {
        return "histogram";
    }

    @Override
    public List<String> sampleNames() {
        return List.of(name + "_bucket", name + "_sum", name + "_count");
    }
}
