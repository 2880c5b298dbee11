package io.trayb.events;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the log, read in one atomic step. Immutable.
 *
 * @param gap why something between the cursor asked for and these entries is missing; null when nothing is
 * @param entries what follows, oldest first
 * @param end the cursor after these entries
 */
record LogPage(@Nullable GapReason gap, List<LogEntry> entries, Cursor end) {
    LogPage {
        Objects.requireNonNull(end, "end");
        entries = List.copyOf(entries);
    }

    /** The last entry that is missing, when the page begins with a gap. */
    EntryId lostUpTo() {
        return entries.isEmpty() ? end.id() : entries.get(0).id().previous();
    }
}
