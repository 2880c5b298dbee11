package io.trayb.monitoring.metric;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A label of a metric. Immutable.
 *
 * @param name what Prometheus calls it
 * @param values all values that there can be, in order; empty when they are chosen outside this code
 * @param limit how many different values are kept before the next becomes {@value #OTHER}; 0 when the values are closed
 */
public record Label(String name, List<String> values, int limit) {
    /** Where values past the limit are counted, so that a client can't fill Prometheus with series. */
    public static final String OTHER = "other";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    public Label {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("label '" + name + "' must match " + NAME);
        }
        values = List.copyOf(values);
        if (values.isEmpty() == (limit == 0) || limit < 0) {
            throw new IllegalArgumentException("label '" + name
                    + "' must have either closed values or a limit above 0, but has " + values + " and " + limit);
        }
        if (values.stream().distinct().count() != values.size()) {
            throw new IllegalArgumentException("label '" + name + "' has a value twice: " + values);
        }
    }

    /** A label that has only the values of an enum; every one of them is exported, at zero, from the start. */
    public static <E extends Enum<E> & LabelValue> Label closed(String name, Class<E> values) {
        return new Label(
                name,
                Arrays.stream(values.getEnumConstants()).map(LabelValue::label).toList(),
                0);
    }

    /** A label whose values come from outside; the first {@code limit} are kept, the rest is {@value #OTHER}. */
    public static Label bounded(String name, int limit) {
        return new Label(name, List.of(), limit);
    }

    public boolean isClosed() {
        return !values.isEmpty();
    }
}
