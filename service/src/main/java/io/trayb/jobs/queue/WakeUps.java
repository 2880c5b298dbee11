package io.trayb.jobs.queue;

/** Told when there may be something to start. Thread-safe; coalesces; never blocks. */
@FunctionalInterface
public interface WakeUps {
    void wake();
}
