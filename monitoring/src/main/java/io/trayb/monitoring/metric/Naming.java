package io.trayb.monitoring.metric;

import java.util.List;
import java.util.regex.Pattern;

/** What all kinds of metrics ask of their names, help and labels. */
final class Naming {
    static final String PREFIX = "trayb_";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{1,99}");

    private Naming() {}

    static List<Label> check(String name, String help, List<Label> labels, Origin origin) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("metric '" + name + "' must match " + NAME);
        }
        if (origin == Origin.TRAYB && !name.startsWith(PREFIX)) {
            throw new IllegalArgumentException("metric '" + name + "' of the service must begin with " + PREFIX);
        }
        if (help.isBlank() || !help.endsWith(".")) {
            throw new IllegalArgumentException(
                    "help of metric '" + name + "' must be a sentence that ends in a full stop, but is '" + help + "'");
        }
        if (labels.stream().map(Label::name).distinct().count() != labels.size()) {
            throw new IllegalArgumentException("metric '" + name + "' has a label twice: " + labels);
        }
        return List.copyOf(labels);
    }
}
