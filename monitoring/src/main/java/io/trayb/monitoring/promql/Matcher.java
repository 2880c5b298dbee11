package io.trayb.monitoring.promql;

import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.threshold.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a selector.
 *
 * @param value what the label is compared with; empty where {@code bound} says it
 * @param bound a threshold whose number in force is the bound of a bucket, or null
 */
public record Matcher(
        String label,
        String operator,
        String value,
        @Nullable Threshold bound) {
    public static Matcher is(String label, String value) {
        return new Matcher(label, "=", value, null);
    }

    public static Matcher is(String label, LabelValue value) {
        return is(label, value.label());
    }

    public static Matcher isNot(String label, String value) {
        return new Matcher(label, "!=", value, null);
    }

    public static Matcher matches(String label, String regex) {
        return new Matcher(label, "=~", regex, null);
    }

    public static Matcher matchesNot(String label, String regex) {
        return new Matcher(label, "!~", regex, null);
    }

    /**
     * The bucket that ends at the threshold's number.
     *
     * @throws IllegalArgumentException when the threshold isn't bound to a histogram's buckets
     */
    static Matcher upTo(Threshold threshold) {
        if (threshold.boundOf() == null) {
            throw new IllegalArgumentException(
                    "threshold '" + threshold.name() + "' must be a bucket's bound to select one by it");
        }
        return new Matcher("le", "=", "", threshold);
    }
}
