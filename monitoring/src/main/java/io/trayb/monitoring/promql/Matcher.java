package io.trayb.monitoring.promql;

import io.trayb.monitoring.metric.LabelValue;

/** One condition of a selector. */
public record Matcher(String label, String operator, String value) {
    public static Matcher is(String label, String value) {
        return new Matcher(label, "=", value);
    }

    public static Matcher is(String label, LabelValue value) {
        return is(label, value.label());
    }

    public static Matcher isNot(String label, String value) {
        return new Matcher(label, "!=", value);
    }

    public static Matcher matches(String label, String regex) {
        return new Matcher(label, "=~", regex);
    }
}
