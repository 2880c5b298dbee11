package io.trayb.monitoring.alert;

import io.trayb.monitoring.metric.Scrape;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A series that a rule's test is fed with, one sample a scrape.
 *
 * @param name of the samples
 * @param values in promtool's notation, such as {@code 0+25x80}
 */
public record TestSeries(String name, Map<String, String> labels, String values) {
    public TestSeries {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A series of the service's scrape job. */
    public static TestSeries of(String name, String instance, Map<String, String> labels, String values) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put("job", Scrape.JOB);
        all.put("instance", instance);
        return new TestSeries(name, all, values);
    }

    /** As a selector would find it. */
    public String selector() {
        return name
                + labels.entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
