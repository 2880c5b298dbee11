package io.trayb.monitoring.promql;

import io.trayb.monitoring.catalog.JobMetrics;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Scrape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An expression with one thing changed, in every way: a metric, a matcher, a window, a function, a label, an operator. */
public final class ExpressionMutator {
    private ExpressionMutator() {}

    public static List<Vector> mutants(Vector vector) {
        if (vector instanceof Vector.Selected selected) {
            return new ArrayList<>(selections(selected));
        }
        List<Vector> mutants = new ArrayList<>();
        if (vector instanceof Vector.OverWindow over) {
            mutants.add(new Vector.OverWindow(other(over.function()), over.samples(), over.window()));
            mutants.add(new Vector.OverWindow(over.function(), over.samples(), other(over.window())));
            selections(over.samples())
                    .forEach(samples -> mutants.add(new Vector.OverWindow(over.function(), samples, over.window())));
        } else if (vector instanceof Vector.Aggregated aggregated) {
            mutants.add(new Vector.Aggregated(other(aggregated.function()), aggregated.by(), aggregated.of()));
            for (String label : aggregated.by()) {
                List<String> fewer = new ArrayList<>(aggregated.by());
                fewer.remove(label);
                mutants.add(new Vector.Aggregated(aggregated.function(), fewer, aggregated.of()));
            }
            mutants(aggregated.of())
                    .forEach(of -> mutants.add(new Vector.Aggregated(aggregated.function(), aggregated.by(), of)));
        } else if (vector instanceof Vector.Quantile quantile) {
            mutants.add(new Vector.Quantile(quantile.quantile() / 2, quantile.buckets()));
            mutants(quantile.buckets())
                    .forEach(buckets -> mutants.add(new Vector.Quantile(quantile.quantile(), buckets)));
        } else if (vector instanceof Vector.Absent absent) {
            selections(absent.samples()).forEach(samples -> mutants.add(new Vector.Absent(samples)));
        } else if (vector instanceof Vector.Constant constant) {
            mutants.add(new Vector.Constant(constant.value() + 1));
        } else if (vector instanceof Vector.Combined combined) {
            mutants.addAll(combinations(combined));
        }
        return mutants;
    }

    private static List<Vector.Selected> selections(Vector.Selected selected) {
        List<Vector.Selected> mutants = new ArrayList<>();
        Gauge other = selected.series().name().equals(Scrape.UP.name()) ? JobMetrics.UNKNOWN_TYPE : Scrape.UP;
        mutants.add(new Vector.Selected(new Series(other.name(), other), List.of(), selected.offset()));
        for (Matcher matcher : selected.matchers()) {
            List<Matcher> fewer = new ArrayList<>(selected.matchers());
            fewer.remove(matcher);
            mutants.add(new Vector.Selected(selected.series(), fewer, selected.offset()));
        }
        if (selected.offset() != null) {
            mutants.add(new Vector.Selected(selected.series(), selected.matchers(), null));
        }
        return mutants;
    }

    private static List<Vector> combinations(Vector.Combined combined) {
        List<Vector> mutants = new ArrayList<>();
        for (Operator operator : Operator.values()) {
            if (operator != combined.operator()) {
                mutants.add(new Vector.Combined(combined.left(), operator, combined.right(), combined.on()));
            }
        }
        for (Expr left : sides(combined.left())) {
            mutants.add(new Vector.Combined(left, combined.operator(), combined.right(), combined.on()));
        }
        for (Expr right : sides(combined.right())) {
            mutants.add(new Vector.Combined(combined.left(), combined.operator(), right, combined.on()));
        }
        return mutants;
    }

    private static List<? extends Expr> sides(Expr side) {
        return side instanceof Vector vector ? mutants(vector) : List.of();
    }

    private static String other(String function) {
        return switch (function) {
            case "sum" -> "max";
            case "max" -> "sum";
            case "rate" -> "increase";
            case "increase" -> "rate";
            default -> "max_over_time".equals(function) ? "min_over_time" : "max_over_time";
        };
    }

    private static Window other(Window window) {
        return window instanceof Window.Fixed fixed
                ? Window.of(fixed.length().multipliedBy(2))
                : Window.of(Duration.ofMinutes(7));
    }
}
