package io.trayb.events;

import java.util.ArrayList;
import java.util.List;

/** The ids of a page's events that a client's outlet took, in order. Not thread-safe. */
final class Handed {
    private final List<EntryId> ids = new ArrayList<>();

    void add(EntryId id) {
        ids.add(id);
    }

    boolean wasLast(LogEntry entry) {
        return !ids.isEmpty() && ids.get(ids.size() - 1).equals(entry.id());
    }

    long upTo(EntryId id) {
        return ids.stream().filter(handed -> !handed.isAfter(id)).count();
    }
}
