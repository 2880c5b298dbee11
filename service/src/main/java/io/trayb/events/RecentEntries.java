package io.trayb.events;

import java.util.ArrayList;
import java.util.List;

/**
 * The end of the log, kept in memory for those who fell behind a moment ago or come back after one: all of them read it from here,
 * with one frame for all. Read from Redis, it would be read and encoded once for each, just when this process has
 * more to do than it can. Bounded by bytes. Not thread-safe: guarded by the hub's lock.
 */
final class RecentEntries {
    private static final int FIRST_CAPACITY = 1024;

    /** What an entry takes beside its texts: objects, ids, the references to them. */
    private static final int OBJECTS_BYTES = 400;

    private final long maxBytes;
    private LogEntry[] ring = new LogEntry[FIRST_CAPACITY];
    /** Entries since the beginning; the oldest that is kept is at {@code first % ring.length}, the latest just before {@code next}. */
    private long first;

    private long next;
    private long bytes;
    private EntryId since = EntryId.ZERO;

    /**
     * @param maxBytes how many bytes the entries and their frames may take, about; 0 keeps none
     */
    RecentEntries(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Forgets everything; what is added from now on follows on this entry. */
    void restart(EntryId after) {
        while (first < next) {
            forgetFirst();
        }
        since = after;
    }

    void add(LogEntry entry) {
        if (next - first == ring.length) {
            grow();
        }
        ring[slot(next)] = entry;
        next++;
        bytes += bytesOf(entry);
        while (bytes > maxBytes) {
            forgetFirst();
        }
    }

    /** Whether everything that came after this entry is here. */
    boolean covers(EntryId id) {
        return id.compareTo(since) >= 0;
    }

    /** The entries after one that is {@linkplain #covers covered}, oldest first, up to so many; changes for whoever is behind. */
    List<LogEntry> after(EntryId id, int count) {
        long from = firstAfter(id);
        long to = Math.min(next, from + count);
        List<LogEntry> entries = new ArrayList<>((int) (to - from));
        for (long i = from; i < to; i++) {
            LogEntry entry = ring[slot(i)];
            entries.add(entry instanceof LogEntry.Change change ? change.replayed() : entry);
        }
        return entries;
    }

    private long firstAfter(EntryId id) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (ring[slot(middle)].id().isAfter(id)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @SuppressWarnings("NullAway") // What is forgotten isn't looked at.
    private void forgetFirst() {
        int slot = slot(first);
        since = ring[slot].id();
        bytes -= bytesOf(ring[slot]);
        ring[slot] = null;
        first++;
    }

    private void grow() {
        LogEntry[] larger = new LogEntry[ring.length * 2];
        for (long i = first; i < next; i++) {
            larger[(int) (i % larger.length)] = ring[slot(i)];
        }
        ring = larger;
    }

    private int slot(long index) {
        return (int) (index % ring.length);
    }

    /** The data counts twice: once as text, once in the frame. */
    private static int bytesOf(LogEntry entry) {
        return entry instanceof LogEntry.Change change
                ? OBJECTS_BYTES + 2 * change.event().data().length()
                : OBJECTS_BYTES;
    }
}
