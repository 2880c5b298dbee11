package io.trayb.jobs.queue;

import java.util.Set;

/** Told when there may be something to start. Thread-safe; coalesces; never blocks. */
@FunctionalInterface
public interface WakeUps {
    /** @param queues where; not empty */
    void wake(Set<String> queues);
}
