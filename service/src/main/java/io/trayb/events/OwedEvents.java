package io.trayb.events;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * How many events one follower that fell behind is yet to get from the log, as far as the hub has counted them; so that what the log has
 * lost meanwhile is told by number. It may not be known: then no number is told. Not thread-safe: guarded by the hub's lock.
 */
final class OwedEvents {
    private static final long UNKNOWN = -1;

    private final Hub hub;
    private final Subscription subscription;
    private long count = UNKNOWN;

    OwedEvents(Hub hub, Subscription subscription) {
        this.hub = Objects.requireNonNull(hub, "hub");
        this.subscription = Objects.requireNonNull(subscription, "subscription");
    }

    /** The follower, which was live, has got everything but so many. */
    void begin(long events) {
        count = events;
    }

    /** What the hub knew of the log, by which they were counted, is no longer so. */
    void forget() {
        count = UNKNOWN;
    }

    /** The hub has heard of so many more. */
    void add(int events) {
        if (count != UNKNOWN) {
            count += events;
        }
    }

    /**
     * How many of them are no longer in the log, if that is known.
     *
     * @param upTo the last entry that is missing
     */
    OptionalLong lost(GapReason found, EntryId upTo) {
        // When the hub is behind what the log still has, what is missing in between it hasn't counted.
        if (count == UNKNOWN || upTo.isAfter(hub.position().id())) {
            return OptionalLong.empty();
        }
        if (found != GapReason.TRIMMED) {
            return OptionalLong.of(count);
        }
        // When it has gone on since the page was read, it may have forgotten some of what is still there.
        long stillThere = hub.recent().countAfter(upTo, subscription);
        boolean known = hub.recent().covers(upTo) && stillThere <= count;
        return known ? OptionalLong.of(count - stillThere) : OptionalLong.empty();
    }

    /** The follower was told that so many are lost; what isn't known to be missing isn't known to come either. */
    void told(OptionalLong lost) {
        count = lost.isPresent() ? count - lost.getAsLong() : UNKNOWN;
    }

    /** The follower has got so many, and is at a place from which they can be counted anew if they weren't known. */
    void handed(long events, Cursor reached) {
        count = count == UNKNOWN ? after(reached) : Math.max(0, count - events);
    }

    private long after(Cursor reached) {
        boolean known = reached.sameEpoch(hub.position()) && hub.recent().covers(reached.id());
        return known ? hub.recent().countAfter(reached.id(), subscription) : UNKNOWN;
    }
}
