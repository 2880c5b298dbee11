package io.trayb.monitoring.promql;

import io.trayb.monitoring.threshold.Threshold;
import java.util.List;

/** One number, without labels. */
public sealed interface Scalar extends Expr {
    record Literal(double value) implements Scalar {}

    /** A declared threshold: its number is filled in when the expression is printed, so that an override reaches it. */
    record Limit(Threshold threshold) implements Scalar {}

    /** So many times a declared threshold, such as an error budget that is burnt too quickly. */
    record Multiple(double factor, Limit limit) implements Scalar {
        @Override
        public List<Expr> parts() {
            return List.of(limit);
        }
    }

    /** The time of the evaluation, by Prometheus' clock. */
    record Time() implements Scalar {}
}
