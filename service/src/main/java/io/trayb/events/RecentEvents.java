package io.trayb.events;

import java.util.Arrays;

/**
 * Which topics the latest entries of the log were on: a ring as long as the log, a few bytes an entry. It answers without
 * Redis whether anything for a client came after its cursor, and how many of a client's events are still in the log. Not
 * thread-safe: guarded by the hub's lock.
 */
final class RecentEvents {
    private static final int FIRST_CAPACITY = 1024;

    /** Stands for a gap, which concerns everybody; no queue has an empty name. */
    private static final String GAP = "";

    private final int maxCapacity;
    private long[] times = new long[FIRST_CAPACITY];
    private long[] sequences = new long[FIRST_CAPACITY];
    private long[] jobs = new long[FIRST_CAPACITY];
    private String[] queues = new String[FIRST_CAPACITY];
    /** Entries added since the last {@link #restart}; the latest is at {@code (added - 1) % times.length}. */
    private long added;

    private EntryId since = EntryId.ZERO;

    /**
     * @param maxCapacity how many entries are remembered, at least 1024
     */
    RecentEvents(long maxCapacity) {
        this.maxCapacity = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(FIRST_CAPACITY, maxCapacity));
    }

    /** Forgets everything; what is added from now on follows on this entry. */
    void restart(EntryId after) {
        added = 0;
        since = after;
        Arrays.fill(queues, null);
    }

    void add(LogEntry entry) {
        if (entry instanceof LogEntry.Change change) {
            add(
                    entry.id(),
                    Topics.fingerprint(change.event().jobId()),
                    change.event().queue());
        } else if (entry instanceof LogEntry.Gap) {
            add(entry.id(), 0, GAP);
        }
    }

    private void add(EntryId id, long job, String queue) {
        if (added == times.length && times.length < maxCapacity) {
            grow();
        }
        int slot = (int) (added % times.length);
        if (added >= times.length) {
            since = new EntryId(times[slot], sequences[slot]);
        }
        times[slot] = id.ms();
        sequences[slot] = id.seq();
        jobs[slot] = job;
        queues[slot] = queue;
        added++;
    }

    private void grow() {
        int capacity = (int) Math.min(maxCapacity, times.length * 2L);
        times = Arrays.copyOf(times, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        jobs = Arrays.copyOf(jobs, capacity);
        queues = Arrays.copyOf(queues, capacity);
    }

    /** Whether everything that came after this entry is remembered. */
    boolean covers(EntryId id) {
        return id.compareTo(since) >= 0;
    }

    /** How many of the remembered events after this entry are for a subscription. */
    long countAfter(EntryId id, Subscription subscription) {
        long count = 0;
        for (long i = added - 1; i >= firstRemembered() && isAfter(slot(i), id); i--) {
            if (!isGap(slot(i)) && isFor(slot(i), subscription)) {
                count++;
            }
        }
        return count;
    }

    /** Whether none of the remembered entries after this one, events or gaps, concerns a subscription. */
    boolean isQuietAfter(EntryId id, Subscription subscription) {
        for (long i = added - 1; i >= firstRemembered() && isAfter(slot(i), id); i--) {
            if (isGap(slot(i)) || isFor(slot(i), subscription)) {
                return false;
            }
        }
        return true;
    }

    private long firstRemembered() {
        return Math.max(0, added - times.length);
    }

    private int slot(long index) {
        return (int) (index % times.length);
    }

    private boolean isAfter(int slot, EntryId id) {
        return times[slot] > id.ms() || (times[slot] == id.ms() && sequences[slot] > id.seq());
    }

    private boolean isGap(int slot) {
        return queues[slot].isEmpty();
    }

    private boolean isFor(int slot, Subscription subscription) {
        return subscription.wants(queues[slot], Topics.ofQueue(queues[slot]), jobs[slot]);
    }
}
