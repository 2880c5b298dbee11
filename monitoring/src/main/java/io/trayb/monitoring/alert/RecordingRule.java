package io.trayb.monitoring.alert;

import io.trayb.monitoring.promql.Vector;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An expression that Prometheus evaluates ahead and keeps under a name.
 *
 * @param name {@code level:metric:operations}
 * @param labels put on the result
 * @param help one sentence
 */
public record RecordingRule(String name, Area area, Vector expression, Map<String, String> labels, String help) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+:[a-z0-9_]+:[a-z0-9_]+");

    public RecordingRule {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("recording rule '" + name + "' must be named level:metric:operations");
        }
        if (help.isBlank()) {
            throw new IllegalArgumentException("recording rule '" + name + "' must have a help sentence");
        }
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
