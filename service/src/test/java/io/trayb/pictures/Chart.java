package io.trayb.pictures;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws lines over time as SVG, with the threshold's line and a legend. */
final class Chart {
    private static final List<String> COLORS = List.of(
            "#3b7d3b", "#b8860b", "#2f6db5", "#b5532f", "#7a4fa3", "#2f9c95", "#c23b6b", "#6b6b6b", "#8aa02f",
            "#4a4ad6");
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int LEFT = 74;
    private static final int RIGHT = 14;
    private static final int TOP = 10;
    private static final int AXIS = 24;
    private static final int LEGEND_ROW = 18;
    /** As wide as a letter of the legend is on the average. */
    private static final double LETTER = 6.6;
    /** A threshold further off than so many times the highest value is told in words. */
    private static final double FAR = 4;

    private final String unit;
    private final double threshold;
    private final List<Line> lines;
    private final double from;
    private final double to;

    /**
     * @param threshold where the alert's line is; NaN when there is none
     * @param from the beginning, in seconds since 1970
     */
    Chart(String unit, double threshold, List<Line> lines, double from, double to) {
        this.unit = unit;
        this.threshold = threshold;
        this.lines = lines;
        this.from = from;
        this.to = to;
    }

    String svg(int width, int height) {
        List<String> legend = legend(width);
        int bottom = height - AXIS - legend.size() * LEGEND_ROW - 4;
        double highest = highest();
        double step = niceStep(highest / 4);
        double top = Math.max(step, Math.ceil(highest / step - 1e-9) * step);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT, "<svg width=\"%d\" height=\"%d\" xmlns=\"http://www.w3.org/2000/svg\">", width, height));
        for (double value = 0; value <= top + step / 2; value += step) {
            double y = y(value, top, bottom);
            append(svg, "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#e4e4e8'/>", LEFT, width - RIGHT, y, y);
            append(
                    svg,
                    "<text x='%d' y='%.1f' class='axis' text-anchor='end'>%s</text>",
                    LEFT - 8,
                    y + 4,
                    Quantity.of(value, unit));
        }
        for (int i = 0; i <= 4; i++) {
            double time = from + (to - from) * i / 4;
            append(
                    svg,
                    "<text x='%.1f' y='%d' class='axis' text-anchor='%s'>%s</text>",
                    x(time, width),
                    bottom + 18,
                    i == 0 ? "start" : i == 4 ? "end" : "middle",
                    CLOCK.format(Instant.ofEpochSecond((long) time)));
        }
        if (lines.isEmpty()) {
            append(svg, "<text x='%d' y='%d' class='none' text-anchor='middle'>No data</text>", width / 2, bottom / 2);
        }
        for (int i = 0; i < lines.size(); i++) {
            svg.append(path(lines.get(i), color(i), width, top, bottom));
        }
        if (threshold <= top) {
            double y = y(threshold, top, bottom);
            append(
                    svg,
                    "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#d33' stroke-width='1.5'/>",
                    LEFT,
                    width - RIGHT,
                    y,
                    y);
            append(
                    svg,
                    "<text x='%d' y='%.1f' class='limit' text-anchor='end'>%s</text>",
                    width - RIGHT - 4,
                    y < TOP + 14 ? y + 13 : y - 4,
                    "limit: " + Quantity.of(threshold, unit));
        } else if (!Double.isNaN(threshold)) {
            append(
                    svg,
                    "<text x='%d' y='%d' class='limit' text-anchor='end'>%s</text>",
                    width - RIGHT - 4,
                    TOP + 12,
                    "limit: " + Quantity.of(threshold, unit) + ", beyond this picture");
        }
        for (int row = 0; row < legend.size(); row++) {
            append(
                    svg,
                    "<text x='%d' y='%d' class='legend'>%s</text>",
                    LEFT,
                    bottom + 40 + row * LEGEND_ROW,
                    legend.get(row));
        }
        return svg.append("</svg>").toString();
    }

    private static void append(StringBuilder svg, String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }

    private double highest() {
        double highest = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Line.Point::value)
                .max()
                .orElse(0);
        if (threshold <= highest * FAR || (highest == 0 && threshold > 0)) {
            highest = Math.max(highest, threshold * 1.05);
        }
        return highest > 0 ? highest : 1;
    }

    /** The next of 1, 2 and 5 times a power of ten; of bytes, a power of two. */
    private double niceStep(double least) {
        if (unit.equals("bytes") || unit.equals("Bps")) {
            return Math.pow(2, Math.ceil(Math.log(least) / Math.log(2)));
        }
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double factor = least / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    private double x(double time, int width) {
        return LEFT + (time - from) / (to - from) * (width - LEFT - RIGHT);
    }

    private static double y(double value, double top, int bottom) {
        return bottom - value / top * (bottom - TOP);
    }

    private String path(Line line, String color, int width, double top, int bottom) {
        StringBuilder points = new StringBuilder();
        for (Line.Point point : line.points()) {
            append(points, "%.1f,%.1f ", x(point.time(), width), y(Math.max(0, point.value()), top, bottom));
        }
        return "<polyline fill='none' stroke='" + color + "' stroke-width='1.6' points='" + points + "'/>";
    }

    private static String color(int index) {
        return COLORS.get(index % COLORS.size());
    }

    /** The rows of the legend: each series with its last value, as many to a row as fit. */
    private List<String> legend(int width) {
        List<String> rows = new ArrayList<>();
        StringBuilder row = new StringBuilder();
        double used = 0;
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).name() + "  " + Quantity.of(lines.get(i).last(), unit);
            double length = (text.length() + 5) * LETTER;
            if (used + length > width - LEFT - RIGHT && used > 0) {
                rows.add(row.toString());
                row.setLength(0);
                used = 0;
            }
            row.append("<tspan fill='" + color(i) + "'>&#9632;</tspan> " + Html.escaped(text) + "&#160;&#160;&#160; ");
            used += length;
        }
        if (used > 0) {
            rows.add(row.toString());
        }
        return rows;
    }
}
