package io.trayb.events;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** How long clients are asked to stay away: drawn anew for each, so that they don't come back in step. Thread-safe, if its random is. */
record RetryDelay(Duration least, Duration most, RandomGenerator random) {
    RetryDelay {
        Objects.requireNonNull(random, "random");
        if (least.isNegative() || least.compareTo(most) > 0) {
            throw new IllegalArgumentException("least is " + least + ", it must not be negative nor above " + most);
        }
    }

    /** A delay for one client, in milliseconds. */
    long nextMs() {
        return least.toMillis() + random.nextLong(most.toMillis() - least.toMillis() + 1);
    }

    /** The same in whole seconds, at least one, for {@code Retry-After}. */
    long nextSeconds() {
        return Math.max(1, (nextMs() + 999) / 1000);
    }
}
