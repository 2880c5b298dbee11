package io.trayb.monitoring.dashboard;

import io.trayb.monitoring.promql.Vector;

/**
 * What a panel draws.
 *
 * @param legend how each series is called, with labels in double braces
 */
public record Query(String legend, Vector expression) {
    public Query {
        if (legend.isBlank()) {
            throw new IllegalArgumentException("a query must have a legend");
        }
    }
}
