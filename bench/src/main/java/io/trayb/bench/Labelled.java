package io.trayb.bench;

import java.util.List;

/** A measurement that is made of several things, and says of which. */
record Labelled(String label, Measurement measured) implements Measurement {
    @Override
    public String title() {
        return label + ": " + measured.title();
    }

    @Override
    public List<Figure> run() throws Exception {
        return measured.run();
    }
}
