package io.trayb.monitoring.metric;

import java.util.List;

/** A number that only grows while a process lives; every instance counts what it did itself, so instances add up. */
public record Counter(String name, Unit unit, String help, List<Label> labels, Origin origin) implements Metric {
    public Counter {
        labels = Naming.check(name, help, labels, origin);
        if (origin == Origin.TRAYB && !name.endsWith("_total")) {
            throw new IllegalArgumentException("counter '" + name + "' must end in _total");
        }
    }

    /** A counter of the service. */
    public static Counter of(String name, String help, Label... labels) {
        return new Counter(name, Unit.COUNT, help, List.of(labels), Origin.TRAYB);
    }

    /** A counter that somebody else exports. */
    public static Counter foreign(Origin origin, String name, Unit unit, String help, Label... labels) {
        return new Counter(name, unit, help, List.of(labels), origin);
    }

    @Override
    public String type() {
        return "counter";
    }
}
