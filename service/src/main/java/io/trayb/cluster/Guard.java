package io.trayb.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what fails in a turn of the supervisor's loop from ending the loop: with it all processes would end, also those that serve.
 * What is left out is tried again in the next turn, and is said once a minute. Not thread-safe.
 */
final class Guard {
    private static final Logger LOGGER = LoggerFactory.getLogger(Guard.class);
    private static final Duration SAID_EVERY = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Map<String, Long> saidAt = new HashMap<>();

    Guard(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param what it is, for the sentence, such as {@code looking after api-2} */
    void run(String what, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            // Also an Error: without memory or threads for the moment, the processes still serve, and need us.
            long now = nanoTime.getAsLong();
            Long said = saidAt.get(what);
            if (said == null || now - said >= SAID_EVERY.toNanos()) {
                saidAt.put(what, now);
                LOGGER.error("The supervisor goes on, although {} failed", what, e);
            }
        }
    }
}
