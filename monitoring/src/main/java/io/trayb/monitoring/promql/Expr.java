package io.trayb.monitoring.promql;

import java.util.List;
import java.util.stream.Stream;

/** A PromQL expression: a {@link Vector} or a {@link Scalar}. Immutable. */
public sealed interface Expr permits Vector, Scalar {
    /** The expressions that this one is made of. */
    default List<Expr> parts() {
        return List.of();
    }

    /** This expression and everything below it. */
    default Stream<Expr> everything() {
        return Stream.concat(Stream.of(this), parts().stream().flatMap(Expr::everything));
    }
}
