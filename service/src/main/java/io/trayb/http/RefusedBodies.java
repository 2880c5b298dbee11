package io.trayb.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator that bodies are refused, in one line a minute however many they are: a crowd of slow clients must not fill
 * the log. It names some of them; at DEBUG each has a line of its own. Thread-safe; works on the server's scheduler, and only while
 * there is something to tell.
 */
final class RefusedBodies {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedBodies.class);

    /** So many ids are named, the first of each minute. */
    private static final int NAMED = 5;

    private final Duration every;
    private final AtomicInteger tooSlow = new AtomicInteger();
    private final AtomicInteger withoutRoom = new AtomicInteger();
    private final Queue<String> named = new ConcurrentLinkedQueue<>();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicBoolean willTell = new AtomicBoolean();

    /** @param every how long refusals are gathered for a line */
    RefusedBodies(Duration every) {
        this.every = every;
    }

    /**
     * One more that was answered with 408.
     *
     * @param id the request's
     */
    void countTooSlow(@Nullable String id, Scheduler scheduler) {
        LOGGER.debug("A request's body came too slowly (408)");
        tooSlow.incrementAndGet();
        willTell(id, scheduler);
    }

    /**
     * One more that was answered with 503.
     *
     * @param id the request's
     */
    void countWithoutRoom(@Nullable String id, Scheduler scheduler) {
        LOGGER.debug("A request's body found no memory or thread free (503)");
        withoutRoom.incrementAndGet();
        willTell(id, scheduler);
    }

    private void willTell(@Nullable String id, Scheduler scheduler) {
        if (id != null && names.incrementAndGet() <= NAMED) {
            named.add(id);
        }
        if (willTell.compareAndSet(false, true)) {
            Scheduler.Task unused = scheduler.schedule(this::tell, every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        // Before the numbers are read: whoever counts after that has the next line told.
        willTell.set(false);
        int slow = tooSlow.getAndSet(0);
        int crowded = withoutRoom.getAndSet(0);
        List<String> ids = new ArrayList<>();
        for (String id = named.poll(); id != null; id = named.poll()) {
            ids.add(id);
        }
        names.set(0);
        if (slow + crowded > 0) {
            LOGGER.warn(
                    "Requests refused in the last {} s while their body came: {} came too slowly (408), {} found no memory or"
                            + " thread free (503); among them {}",
                    every.toSeconds(),
                    slow,
                    crowded,
                    ids);
        }
    }
}
