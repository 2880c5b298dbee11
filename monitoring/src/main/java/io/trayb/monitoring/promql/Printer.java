package io.trayb.monitoring.promql;

import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes expressions as PromQL, with parentheses where they are needed or help. Immutable, thread-safe. */
public final class Printer {
    private static final List<Matcher> DASHBOARD_VARIABLES =
            List.of(Matcher.matches("job", "$job"), Matcher.matches("instance", "$instance"));

    private final Thresholds thresholds;
    private final boolean forDashboards;

    private Printer(Thresholds thresholds, boolean forDashboards) {
        this.thresholds = thresholds;
        this.forDashboards = forDashboards;
    }

    /** For rules: with the thresholds in force. */
    public static Printer forRules(Thresholds thresholds) {
        return new Printer(thresholds, false);
    }

    /** For panels: what the service exports is narrowed by the dashboard's {@code $job} and {@code $instance}. */
    public static Printer forDashboards(Thresholds thresholds) {
        return new Printer(thresholds, true);
    }

    public String print(Expr expr) {
        return expr instanceof Vector vector ? vector(vector) : scalar((Scalar) expr);
    }

    private String scalar(Scalar scalar) {
        if (scalar instanceof Scalar.Literal literal) {
            return Decimal.plain(literal.value());
        }
        if (scalar instanceof Scalar.Limit limit) {
            return Decimal.plain(thresholds.value(limit.threshold()));
        }
        if (scalar instanceof Scalar.Multiple multiple) {
            return Decimal.plain(multiple.factor()) + " * " + scalar(multiple.limit());
        }
        return "time()";
    }

    private String vector(Vector vector) {
        if (vector instanceof Vector.Selected selected) {
            return selector(selected)
                    + (selected.offset() == null ? "" : " offset " + PromDuration.of(selected.offset()));
        }
        if (vector instanceof Vector.OverWindow over) {
            return over.function() + "(" + selector(over.samples()) + "["
                    + over.window().text() + "])";
        }
        if (vector instanceof Vector.Aggregated aggregated) {
            String by = aggregated.by().isEmpty() ? "" : " by (" + String.join(", ", aggregated.by()) + ") ";
            return aggregated.function() + by + "(" + print(aggregated.of()) + ")";
        }
        if (vector instanceof Vector.Quantile quantile) {
            return "histogram_quantile(" + Decimal.plain(quantile.quantile()) + ", " + print(quantile.buckets()) + ")";
        }
        if (vector instanceof Vector.Absent absent) {
            return "absent(" + print(absent.samples()) + ")";
        }
        if (vector instanceof Vector.Constant constant) {
            return "vector(" + Decimal.plain(constant.value()) + ")";
        }
        return combined((Vector.Combined) vector);
    }

    private String combined(Vector.Combined combined) {
        String on = combined.on() == null ? "" : " on (" + String.join(", ", combined.on()) + ")";
        // All of these operators group from the left: the right side needs parentheses when it binds no stronger.
        return operand(combined.left(), combined.operator(), 0)
                + " " + combined.operator().symbol() + on + " "
                + operand(combined.right(), combined.operator(), 1);
    }

    private String operand(Expr expr, Operator outer, int more) {
        if (!(expr instanceof Vector.Combined inner)) {
            return print(expr);
        }
        boolean needed = inner.operator().strength() < outer.strength() + more;
        // Hardly anybody knows by heart how set operators bind among each other.
        boolean welcome = outer.isOnSets() && inner.operator().isOnSets() && inner.operator() != outer;
        return needed || welcome ? "(" + print(expr) + ")" : print(expr);
    }

    private String selector(Vector.Selected selected) {
        List<Matcher> matchers = new ArrayList<>();
        Metric metric = selected.series().metric();
        if (forDashboards && metric != null && metric.origin().job().equals(Scrape.JOB)) {
            matchers.addAll(DASHBOARD_VARIABLES);
        }
        matchers.addAll(selected.matchers());
        if (matchers.isEmpty()) {
            return selected.series().name();
        }
        return selected.series().name()
                + matchers.stream()
                        .map(matcher -> matcher.label() + matcher.operator() + quoted(value(matcher)))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private String value(Matcher matcher) {
        return matcher.bound() == null ? matcher.value() : Histogram.boundLabel(thresholds.value(matcher.bound()));
    }

    /** A PromQL string: the escapes are Go's. */
    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
