package io.trayb.bench;

import java.util.List;

/** One thing that is measured, again in each round. */
interface Measurement {
    /**
     * A figure.
     *
     * @param name what it is, with its unit
     */
    record Figure(String name, double value) {}

    /** What is about to be measured, for people. */
    String title();

    /** Measures. Every loop in it is bounded. */
    List<Figure> run() throws Exception;
}
