package io.trayb.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator that bodies are refused, in one line a minute however many they are: a crowd of slow clients must not fill
 * the log. Thread-safe; works on the server's scheduler, and only while there is something to tell.
 */
final class RefusedBodies {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedBodies.class);

    private final Duration every;
    private final AtomicInteger tooSlow = new AtomicInteger();
    private final AtomicInteger withoutRoom = new AtomicInteger();
    private final AtomicBoolean willTell = new AtomicBoolean();

    /** @param every how long refusals are gathered for a line */
    RefusedBodies(Duration every) {
        this.every = every;
    }

    /** One more that was answered with 408. */
    void countTooSlow(Scheduler scheduler) {
        tooSlow.incrementAndGet();
        willTell(scheduler);
    }

    /** One more that was answered with 503. */
    void countWithoutRoom(Scheduler scheduler) {
        withoutRoom.incrementAndGet();
        willTell(scheduler);
    }

    private void willTell(Scheduler scheduler) {
        if (willTell.compareAndSet(false, true)) {
            Scheduler.Task unused = scheduler.schedule(this::tell, every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        // Before the numbers are read: whoever counts after that has the next line told.
        willTell.set(false);
        int slow = tooSlow.getAndSet(0);
        int crowded = withoutRoom.getAndSet(0);
        if (slow + crowded > 0) {
            LOGGER.warn(
                    "Requests refused in the last {} s while their body came: {} came too slowly (408), {} found no memory or"
                            + " thread free (503)",
                    every.toSeconds(),
                    slow,
                    crowded);
        }
    }
}
