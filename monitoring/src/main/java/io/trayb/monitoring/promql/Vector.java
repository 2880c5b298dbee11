package io.trayb.monitoring.promql;

import io.trayb.monitoring.threshold.Threshold;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of samples with labels. Made by {@link PromQl}, combined by the methods here. */
public sealed interface Vector extends Expr {
    /** The samples of one name, as they are now or were a while ago. */
    record Selected(
            Series series, List<Matcher> matchers, @Nullable Duration offset) implements Vector {
        public Selected {
            matchers = List.copyOf(matchers);
        }

        /** The same samples, a while ago. */
        public Selected ago(Duration offset) {
            return new Selected(series, matchers, offset);
        }
    }

    /** {@code rate} and {@code increase} of counters, or {@code avg_over_time} and its like of what isn't one. */
    record OverWindow(String function, Selected samples, Window window) implements Vector {
        @Override
        public List<Expr> parts() {
            return List.of(samples);
        }
    }

    /** {@code sum} or {@code max}, by some labels or altogether. */
    record Aggregated(String function, List<String> by, Vector of) implements Vector {
        public Aggregated {
            by = List.copyOf(by);
        }

        @Override
        public List<Expr> parts() {
            return List.of(of);
        }
    }

    record Quantile(double quantile, Vector buckets) implements Vector {
        @Override
        public List<Expr> parts() {
            return List.of(buckets);
        }
    }

    record Absent(Selected samples) implements Vector {
        @Override
        public List<Expr> parts() {
            return List.of(samples);
        }
    }

    /** One sample without labels. */
    record Constant(double value) implements Vector {}

    /**
     * Two expressions and an operator.
     *
     * @param on the labels to match on; null when all labels count
     */
    record Combined(
            Expr left,
            Operator operator,
            Expr right,
            @Nullable List<String> on) implements Vector {
        /** Whether it keeps or drops samples by their labels, not by their values. */
        public boolean isOnSets() {
            return operator.isOnSets();
        }

        /** Whether it takes what is on either side. */
        public boolean joins() {
            return operator == Operator.OR;
        }

        @Override
        public List<Expr> parts() {
            return List.of(left, right);
        }
    }

    /** True where the value is above the threshold in force. */
    default Vector above(Threshold threshold) {
        return new Combined(this, Operator.ABOVE, new Scalar.Limit(threshold), null);
    }

    default Vector above(double value) {
        return new Combined(this, Operator.ABOVE, new Scalar.Literal(value), null);
    }

    /** True where the value is above so many times the threshold in force. */
    default Vector above(double factor, Threshold threshold) {
        return new Combined(this, Operator.ABOVE, new Scalar.Multiple(factor, new Scalar.Limit(threshold)), null);
    }

    default Vector below(Threshold threshold) {
        return new Combined(this, Operator.BELOW, new Scalar.Limit(threshold), null);
    }

    default Vector equalTo(double value) {
        return new Combined(this, Operator.EQUAL, new Scalar.Literal(value), null);
    }

    default Vector times(double factor) {
        return new Combined(this, Operator.TIMES, new Scalar.Literal(factor), null);
    }

    default Vector minus(Vector other) {
        return new Combined(this, Operator.MINUS, other, null);
    }

    default Vector dividedBy(Vector divisor) {
        return new Combined(this, Operator.DIVIDED_BY, divisor, null);
    }

    /** Keeps what is also on the other side, with this side's values. */
    default Vector and(Vector other) {
        return new Combined(this, Operator.AND, other, null);
    }

    default Vector and(Vector other, String... on) {
        return new Combined(this, Operator.AND, other, List.of(on));
    }

    default Vector or(Vector other) {
        return new Combined(this, Operator.OR, other, null);
    }

    default Vector unless(Vector other, String... on) {
        return new Combined(this, Operator.UNLESS, other, on.length == 0 ? null : List.of(on));
    }
}
