package io.trayb.monitoring.dashboard;

import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.threshold.Threshold;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One picture on a dashboard. Immutable.
 *
 * @param description what to see in it, in sentences
 * @param line the threshold drawn into it, or null when no alert watches what it shows
 */
public record Panel(
        String title,
        Kind kind,
        Unit unit,
        String description,
        List<Query> queries,
        @Nullable Threshold line) {
    /** How it is drawn, and how much room it takes. */
    public enum Kind {
        /** Lines over time; half the width. */
        TIMESERIES("timeseries", 12, 8),
        /** One number, as it is now; a quarter of the width. */
        STAT("stat", 6, 4);

        private final String grafana;
        private final int width;
        private final int height;

        Kind(String grafana, int width, int height) {
            this.grafana = grafana;
            this.width = width;
            this.height = height;
        }

        /** Grafana's name for it. */
        public String grafana() {
            return grafana;
        }

        /** Of 24 columns. */
        public int width() {
            return width;
        }

        public int height() {
            return height;
        }
    }

    public Panel {
        if (title.isBlank() || !description.endsWith(".")) {
            throw new IllegalArgumentException(
                    "panel '" + title + "' must have a title and a description that ends in a full stop");
        }
        queries = List.copyOf(queries);
    }

    /** Lines over time. */
    public static Panel overTime(String title, Unit unit, String description) {
        return new Panel(title, Kind.TIMESERIES, unit, description, List.of(), null);
    }

    /** One number, as it is now. */
    public static Panel now(String title, Unit unit, String description) {
        return new Panel(title, Kind.STAT, unit, description, List.of(), null);
    }

    /** The same panel with one more query. */
    public Panel with(String legend, Vector expression) {
        List<Query> more = new ArrayList<>(queries);
        more.add(new Query(legend, expression));
        return new Panel(title, kind, unit, description, more, line);
    }

    /** The same panel with a threshold drawn into it. */
    public Panel withLine(Threshold threshold) {
        return new Panel(title, kind, unit, description, queries, threshold);
    }
}
