package io.trayb.events;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether new streams are taken: switched off and on by operators, and off for good when the process stops. Thread-safe. */
final class StreamSwitch {
    /** What a new stream would meet. */
    enum State {
        ON,
        OFF,
        STOPPING
    }

    private final AtomicBoolean enabled;
    private final AtomicBoolean stopping = new AtomicBoolean();

    StreamSwitch(boolean enabled) {
        this.enabled = new AtomicBoolean(enabled);
    }

    State state() {
        if (stopping.get()) {
            return State.STOPPING;
        }
        return enabled.get() ? State.ON : State.OFF;
    }

    /** Returns whether it was the other way before. */
    boolean set(boolean on) {
        return enabled.getAndSet(on) != on;
    }

    void stop() {
        stopping.set(true);
    }
}
