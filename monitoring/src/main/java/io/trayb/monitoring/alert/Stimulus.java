package io.trayb.monitoring.alert;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the series under which an alert's value is at a given level, told by a given number of instances. */
@FunctionalInterface
public interface Stimulus {
    /** As many scrapes as every case of a proof is long: half an hour. */
    int SCRAPES = 120;

    List<TestSeries> series(double level, int instances);

    /** A counter that grows by the level every minute, each instance counting its part. */
    static Stimulus growsPerMinute(Counter counter) {
        double scrapesPerMinute = 60.0 / Scrape.INTERVAL.toSeconds();
        return (level, instances) -> onEach(
                instances,
                counter,
                example(counter),
                "0+" + Decimal.plain(level / scrapesPerMinute / instances) + "x" + SCRAPES);
    }

    /** A gauge at the level, half each under two values of a label; every instance tells the same fact. */
    static Stimulus standsAt(Gauge fact, Label half) {
        return (level, instances) -> Stream.of("billing", "mail")
                .flatMap(value -> onEach(instances, fact, Map.of(half.name(), value), constant(level / 2)).stream())
                .toList();
    }

    /** A gauge without labels at the level; every instance tells the same fact. */
    static Stimulus isAt(Gauge fact) {
        return (level, instances) -> onEach(instances, fact, Map.of(), constant(level));
    }

    /**
     * A timestamp that is as old as the level when the case asks.
     *
     * @param askedAt seconds after the start of the series
     * @param labels which of the gauge's series
     */
    static Stimulus isOld(Gauge timestamp, long askedAt, Map<String, String> labels) {
        return (level, instances) -> onEach(instances, timestamp, labels, constant(askedAt - level));
    }

    /** These series too, whatever the level. */
    default Stimulus beside(TestSeries... others) {
        return (level, instances) -> {
            List<TestSeries> all = new ArrayList<>(series(level, instances));
            all.addAll(List.of(others));
            return List.copyOf(all);
        };
    }

    /** The same value at every scrape. */
    static String constant(double value) {
        return Decimal.plain(value) + "+0x" + SCRAPES;
    }

    /** The name of the {@code number}th instance, from 1. */
    static String instance(int number) {
        return "trayb-" + number + ":8081";
    }

    private static List<TestSeries> onEach(int instances, Metric metric, Map<String, String> labels, String values) {
        return IntStream.rangeClosed(1, instances)
                .mapToObj(number -> TestSeries.of(metric.name(), instance(number), labels, values))
                .toList();
    }

    /** A value for each label: the first of a closed set, or something that a client could have chosen. */
    static Map<String, String> example(Metric metric) {
        Map<String, String> labels = new TreeMap<>();
        for (Label label : metric.labels()) {
            labels.put(label.name(), label.isClosed() ? label.values().get(0) : "billing-" + label.name());
        }
        return labels;
    }
}
