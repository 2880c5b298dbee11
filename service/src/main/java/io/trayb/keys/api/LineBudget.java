package io.trayb.keys.api;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How many lines of one kind a log may get in a minute, where clients can have as many written as they like: they could fill a disk, and
 * bury what matters. Thread-safe.
 */
public final class LineBudget {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private long began;
    private int taken;
    private long leftOut;

    /** @param nanoTime a monotonic clock */
    public LineBudget(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** How many lines were left out since the last one that there is, if this one may be written; empty if it may not. */
    synchronized OptionalLong take() {
        long now = nanoTime.getAsLong();
        if (now - began >= MINUTE_NANOS) {
            began = now;
            taken = 0;
        }
        if (taken >= perMinute) {
            leftOut++;
            return OptionalLong.empty();
        }
        taken++;
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}
