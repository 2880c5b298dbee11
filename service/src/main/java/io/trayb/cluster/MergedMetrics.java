package io.trayb.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of several processes as one text in Prometheus' format: each series has the label {@code process}, and each family is
 * in one piece, as the format wants it. Not thread-safe.
 *
 * <p>Beside them stands {@code up} for each process, as Prometheus itself has it for a target, so that an alert on targets that are
 * down sees each process and not only the supervisor.
 */
final class MergedMetrics {
    /** What it is written in. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String LABEL = "process";
    private static final String HELP = "# HELP ";
    private static final String TYPE = "# TYPE ";

    private final Map<String, Family> families = new LinkedHashMap<>();

    private static final class Family {
        private Optional<String> help = Optional.empty();
        private Optional<String> type = Optional.empty();
        private final List<String> samples = new ArrayList<>();

        private void write(StringBuilder text) {
            help.ifPresent(line -> text.append(line).append('\n'));
            type.ifPresent(line -> text.append(line).append('\n'));
            samples.forEach(line -> text.append(line).append('\n'));
        }
    }

    MergedMetrics() {
        Family up = family("up");
        up.help = Optional.of(HELP + "up Whether the process of the cluster answers.");
        up.type = Optional.of(TYPE + "up gauge");
    }

    /** A process that answered, with what it exports. */
    void add(String process, String exposition) {
        family("up").samples.add(labelled("up 1", process));
        Family present = family("");
        for (String line : exposition.lines().toList()) {
            if (line.startsWith(HELP) || line.startsWith(TYPE)) {
                present = family(line.split(" ", 4)[2]);
                if (line.startsWith(HELP)) {
                    present.help = present.help.or(() -> Optional.of(line));
                } else {
                    present.type = present.type.or(() -> Optional.of(line));
                }
            } else if (!line.isBlank() && !line.startsWith("#")) {
                present.samples.add(labelled(line, process));
            }
        }
    }

    /** A process that isn't there, or doesn't answer. */
    void addSilent(String process) {
        family("up").samples.add(labelled("up 0", process));
    }

    private Family family(String name) {
        return families.computeIfAbsent(name, unused -> new Family());
    }

    /** Puts the label first: a name ends at the first brace or space, and neither can be in it. */
    private static String labelled(String sample, String process) {
        int space = sample.indexOf(' ');
        int brace = sample.indexOf('{');
        String label = LABEL + "=\"" + process + "\"";
        return brace >= 0 && brace < space
                ? sample.substring(0, brace) + "{" + label + "," + sample.substring(brace + 1)
                : sample.substring(0, space) + "{" + label + "}" + sample.substring(space);
    }

    /** All of it. */
    String text() {
        StringBuilder text = new StringBuilder();
        families.values().forEach(family -> family.write(text));
        return text.toString();
    }
}
