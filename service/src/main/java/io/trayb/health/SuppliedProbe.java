package io.trayb.health;

import java.util.function.BooleanSupplier;

/** A probe that asks something in this process. */
public record SuppliedProbe(String name, BooleanSupplier alive, String otherwise) implements Probe {
    @Override
    public void probe() throws ProbeFailure {
        if (!alive.getAsBoolean()) {
            throw ProbeFailure.settled(otherwise);
        }
    }

    @Override
    public void close() {}
}
