package io.trayb.monitoring.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * A number that goes up and down.
 *
 * @param sharing how the values of several instances belong together
 * @param fold how the values of several label values belong together
 * @param aliases older names, exported beside it without labels, as the total
 */
public record Gauge(
        String name,
        Unit unit,
        String help,
        List<Label> labels,
        Origin origin,
        Sharing sharing,
        Fold fold,
        List<String> aliases)
        implements Metric {
    public Gauge {
        labels = Naming.check(name, help, labels, origin);
        aliases = List.copyOf(aliases);
        aliases.forEach(alias -> Naming.check(alias, help, List.of(), origin));
        if (name.endsWith("_total")) {
            throw new IllegalArgumentException("gauge '" + name + "' must not end in _total, which says counter");
        }
    }

    /** Whether each instance reports a part of the whole, or all of them the same fact. */
    public enum Sharing {
        /** Each instance's own part, such as its open streams: instances add up. */
        OWN_SHARE,
        /** One fact that every instance reads in the same place, such as a queue's depth: adding would count it twice. */
        SAME_FACT
    }

    /** How values under different label values make one number. */
    public enum Fold {
        SUM,
        /** Ages, timestamps and lags: the sum of two of them means nothing. */
        MAX
    }

    public static Gauge ownShare(String name, Unit unit, String help, Label... labels) {
        return new Gauge(name, unit, help, List.of(labels), Origin.TRAYB, Sharing.OWN_SHARE, Fold.SUM, List.of());
    }

    public static Gauge sameFact(String name, Unit unit, String help, Label... labels) {
        return new Gauge(name, unit, help, List.of(labels), Origin.TRAYB, Sharing.SAME_FACT, Fold.SUM, List.of());
    }

    /** A gauge that somebody else exports. */
    public static Gauge foreign(Origin origin, String name, Unit unit, String help, Label... labels) {
        return new Gauge(name, unit, help, List.of(labels), origin, Sharing.OWN_SHARE, Fold.SUM, List.of());
    }

    /** The same gauge, of which the largest value counts and never the sum. */
    public Gauge largestCounts() {
        return new Gauge(name, unit, help, labels, origin, sharing, Fold.MAX, aliases);
    }

    /** The same gauge, exported under an older name too: without labels, as the total. */
    public Gauge alsoKnownAs(String alias) {
        List<String> more = new ArrayList<>(aliases);
        more.add(alias);
        return new Gauge(name, unit, help, labels, origin, sharing, fold, more);
    }

    @Override
    public String type() {
        return "gauge";
    }

    @Override
    public List<String> sampleNames() {
        List<String> names = new ArrayList<>(aliases);
        names.add(0, name);
        return List.copyOf(names);
    }
}
