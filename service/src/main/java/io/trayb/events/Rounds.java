package io.trayb.events;

import java.time.Duration;

/**
 * When those who follow live are written to. A write costs about the same whether it carries one event or ten, on both sides, so
 * when many follow, they are written to in rounds that keep a distance, and each gets what has gathered in between. A few get each event
 * at once. What is to be written is handed to them more often than that, since a round takes its time and those whose turn is yet
 * to come get it with their write; but not each event by itself.
 *
 * <p>Not thread-safe: for the tail's thread.
 */
final class Rounds {
    /**
     * What a write takes of this process's processors and its client's, about, and as much again for all else: rounds keep
     * two processors half busy at most.
     */
    private static final long SPACING_NANOS = 20_000;

    /** A fortieth of that: of a job that is begun and finished at once the first two events, or all, then make one round. */
    private static final long GATHERING_NANOS = SPACING_NANOS / 40;

    /** Ten times what it takes to hand a stream something, about: so it keeps a tenth of a processor busy at most. */
    private static final long HANDING_NANOS = 1_000;

    private static final long LONGEST_NANOS = Duration.ofMillis(100).toNanos();

    /** When the next may begin, for what the last was, by the monotonic clock. */
    private long free;

    /** When something may be handed to them again. */
    private long handingFree;

    private long firstAt;
    private boolean gathering;

    /**
     * @param now by the monotonic clock, in nanoseconds, as in all methods
     */
    Rounds(long now) {
        free = now;
        handingFree = now;
    }

    /** Something is there that is to be written. */
    void gather(long now) {
        if (!gathering) {
            gathering = true;
            firstAt = now;
        }
    }

    boolean isGathering() {
        return gathering;
    }

    /** In how many nanoseconds these are to be written to: none, or less, is now. */
    long dueIn(int streams, long now) {
        return Math.max(firstAt + bounded(streams * GATHERING_NANOS) - now, free - now);
    }

    /** In how many nanoseconds something is to be handed to them: none, or less, is now. */
    long handingDueIn(long now) {
        return handingFree - now;
    }

    /** These are handed something now. */
    void hand(int streams, long now) {
        handingFree = now + bounded(streams * HANDING_NANOS);
    }

    /** These are written to now. */
    void begin(int streams, long now) {
        gathering = false;
        free = now + bounded(streams * SPACING_NANOS);
    }

    private static long bounded(long nanos) {
        return Math.min(nanos, LONGEST_NANOS);
    }
}
