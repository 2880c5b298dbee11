package io.trayb.keys;

import java.util.Optional;

/** Whom names stand for, now. Thread-safe; never waits for anything. */
@FunctionalInterface
public interface Callers {
    /** The holder of the key of that name, or {@code local}; empty if that isn't good now. */
    Optional<Caller> named(String name);
}
