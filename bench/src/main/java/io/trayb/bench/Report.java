package io.trayb.bench;

import io.trayb.bench.Measurement.Figure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures over all rounds: the median of each, with the least and the greatest. */
final class Report {
    private final Map<String, Map<String, List<Double>>> byTitle = new LinkedHashMap<>();

    void add(String title, List<Figure> figures) {
        Map<String, List<Double>> byName = byTitle.computeIfAbsent(title, ignored -> new LinkedHashMap<>());
        figures.forEach(figure -> byName.computeIfAbsent(figure.name(), ignored -> new ArrayList<>())
                .add(figure.value()));
    }

    /** Prints a Markdown table. */
    void print(PrintStream out) {
        out.println("| measured | figure | median (min–max) |");
        out.println("| --- | --- | --- |");
        byTitle.forEach((title, byName) -> byName.forEach((name, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s (%s–%s) |%n",
                    title,
                    name,
                    text(sorted.get(sorted.size() / 2)),
                    text(sorted.get(0)),
                    text(sorted.get(sorted.size() - 1)));
        }));
    }

    private static String text(double value) {
        return value >= 100 ? "%,.0f".formatted(value) : "%.2f".formatted(value);
    }
}
