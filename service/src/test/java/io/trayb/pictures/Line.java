package io.trayb.pictures;

import java.util.List;

/**
 * One series of a panel.
 *
 * @param name as the legend has it
 * @param points in order of time; a place without a value has none
 */
record Line(String name, List<Point> points) {
    /** A value, at seconds since 1970. */
    record Point(double time, double value) {}

    double last() {
        return points.isEmpty() ? Double.NaN : points.get(points.size() - 1).value();
    }
}
