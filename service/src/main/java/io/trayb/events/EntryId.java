package io.trayb.events;

import redis.clients.jedis.StreamEntryID;

/**
 * Where an entry stands in the log: Redis's own stream id. Immutable; ordered as the log is.
 *
 * @param ms the Redis server's clock when the entry was added, in milliseconds since 1970; not negative
 * @param seq tells entries of one millisecond apart; not negative
 */
record EntryId(long ms, long seq) implements Comparable<EntryId> {
    static final EntryId ZERO = new EntryId(0, 0);

    EntryId {
        if (ms < 0 || seq < 0) {
            throw new IllegalArgumentException("an entry id is " + ms + "-" + seq + ", its parts must not be negative");
        }
    }

    static EntryId of(StreamEntryID id) {
        return new EntryId(id.getTime(), id.getSequence());
    }

    static EntryId parse(String text) {
        return of(new StreamEntryID(text));
    }

    StreamEntryID toRedis() {
        return new StreamEntryID(ms, seq);
    }

    /** The greatest id below this one; of the least id that id itself. */
    EntryId previous() {
        if (seq > 0) {
            return new EntryId(ms, seq - 1);
        }
        return ms > 0 ? new EntryId(ms - 1, Long.MAX_VALUE) : this;
    }

    boolean isAfter(EntryId other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(EntryId other) {
        // By hand: asked for each stream and event, and a Comparator made of others is one that the JIT sees no way
        // through.
        int byTime = Long.compare(ms, other.ms);
        return byTime != 0 ? byTime : Long.compare(seq, other.seq);
    }

    @Override
    public String toString() {
        return ms + "-" + seq;
    }
}
