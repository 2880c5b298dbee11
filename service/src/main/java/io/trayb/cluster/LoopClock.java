package io.trayb.cluster;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Time as the supervisor's loop lives it: each turn counts for as long as it took, but for no more than a second. While the supervisor
 * stood still (Ctrl-Z stops it, and not its processes) it asked nobody and took no answer, so that time says nothing about them: by
 * the clock on the wall all of them would have been silent for too long. Not thread-safe.
 */
final class LoopClock implements LongSupplier {
    private static final long LONGEST_TURN = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;
    private long turnedAt;
    private long lived;

    LoopClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.turnedAt = nanoTime.getAsLong();
    }

    /** A turn of the loop begins. */
    void turn() {
        long now = nanoTime.getAsLong();
        lived += Math.min(now - turnedAt, LONGEST_TURN);
        turnedAt = now;
    }

    /** Nanoseconds; the same for all of a turn. */
    @Override
    public long getAsLong() {
        return lived;
    }
}
