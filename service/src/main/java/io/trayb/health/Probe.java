package io.trayb.health;

import java.util.function.BooleanSupplier;

/** Finds out whether one dependency is as it should be. Called by one thread at a time, about once a second. */
public interface Probe extends AutoCloseable {
    /** The dependency's name in {@code /readyz} and in metrics. */
    String name();

    /**
     * Asks it. Must give up by itself after a second or two.
     *
     * @throws ProbeFailure when it isn't as it should be
     * @throws Exception when it can't be asked; the message is what the operator reads
     */
    void probe() throws Exception;

    /** Gives back what it holds. */
    @Override
    void close();

    /** A probe of something in this process: a question that holds nothing and answers at once. */
    static Probe of(String name, BooleanSupplier alive, String otherwise) {
        return new SuppliedProbe(name, alive, otherwise);
    }

    /** The same dependency, which is as it should be only if this is so too. */
    default Probe and(BooleanSupplier too, String otherwise) {
        Probe asked = this;
        return new Probe() {
            @Override
            public String name() {
                return asked.name();
            }

            @Override
            public void probe() throws Exception {
                asked.probe();
                if (!too.getAsBoolean()) {
                    throw ProbeFailure.settled(otherwise);
                }
            }

            @Override
            public void close() {
                asked.close();
            }
        };
    }
}
