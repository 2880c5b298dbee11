package io.trayb.threads;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A latch that resets itself: any number of {@link #raise()} before an {@link #await} count as one. Thread-safe. */
final class Signal {
    private final Semaphore raised = new Semaphore(0);

    void raise() {
        if (raised.availablePermits() == 0) {
            raised.release();
        }
    }

    /** Waits until raised, at most so long; returns whether it was. */
    boolean await(Duration atMost) throws InterruptedException {
        boolean was = raised.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        raised.drainPermits();
        return was;
    }
}
