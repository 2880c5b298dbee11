package io.trayb.monitoring.promql;

import io.trayb.monitoring.threshold.Threshold;

/** One number, without labels. */
public sealed interface Scalar extends Expr {
    record Literal(double value) implements Scalar {}

    /** A declared threshold: its number is filled in when the expression is printed, so that an override reaches it. */
    record Limit(Threshold threshold) implements Scalar {}

    /** The time of the evaluation, by Prometheus' clock. */
    record Time() implements Scalar {}
}
