package io.trayb.events;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing, jittered delays between attempts: each is drawn between half and all of a bound that doubles up to a maximum, so that
 * many processes that lost the same server don't come back in step. Not thread-safe.
 */
final class ReconnectDelay {
    private static final int MAX_DOUBLINGS = 30;

    private final Duration least;
    private final Duration most;
    private final RandomGenerator random;
    private int failures;

    ReconnectDelay(Duration least, Duration most, RandomGenerator random) {
        if (least.isNegative() || least.isZero() || least.compareTo(most) > 0) {
            throw new IllegalArgumentException("least is " + least + ", it must be above zero and not above " + most);
        }
        this.least = least;
        this.most = most;
        this.random = random;
    }

    Duration next() {
        long bound = Math.min(most.toMillis(), least.toMillis() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        return Duration.ofMillis(bound - random.nextLong(bound / 2 + 1));
    }

    void reset() {
        failures = 0;
    }
}
