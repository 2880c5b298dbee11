package io.trayb.events;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events of the log in a row, oldest first, as they are handed to everybody who follows the same topic: a thousand streams then take each
 * round of events in one step, as one piece of bytes, and not each event in a step of its own.
 *
 * <p>Not thread-safe: guarded by the hub's lock, as its events are. The frames may go anywhere.
 */
final class Run {
    private final List<LogEntry.Change> changes;
    private @Nullable Set<String> queues;
    private @Nullable List<Frame> joined;
    private long bytes;

    /** @param changes of one epoch, each after the last; to be left alone from now on */
    Run(List<LogEntry.Change> changes) {
        this.changes = changes;
    }

    int size() {
        return changes.size();
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    LogEntry.Change get(int index) {
        return changes.get(index);
    }

    /** Those that are after somebody's place in the log: none, if that is in another epoch. */
    Run after(Cursor position) {
        int first = 0;
        while (first < changes.size() && !changes.get(first).cursor().isAfter(position)) {
            first++;
        }
        return first == 0 ? this : new Run(changes.subList(first, changes.size()));
    }

    /** Those that a client may see. */
    Run seenBy(Subscription subscription) {
        for (String queue : queues()) {
            if (!subscription.seesQueue(queue)) {
                return new Run(changes.stream()
                        .filter(change -> subscription.sees(change.event()))
                        .toList());
            }
        }
        return this;
    }

    private Set<String> queues() {
        Set<String> present = queues;
        if (present == null) {
            present = new HashSet<>();
            for (LogEntry.Change change : changes) {
                present.add(change.event().queue());
            }
            queues = present;
        }
        return present;
    }

    /** How many bytes all frames have. */
    long bytes() {
        joined();
        return bytes;
    }

    /** The frames, those that lie side by side as one. */
    List<Frame> joined() {
        List<Frame> present = joined;
        if (present == null) {
            present = join();
            joined = present;
        }
        return present;
    }

    private List<Frame> join() {
        List<Frame> frames = new ArrayList<>(1);
        for (LogEntry.Change change : changes) {
            Frame frame = change.frame();
            bytes += frame.size();
            int last = frames.size() - 1;
            if (last >= 0 && frame.isBehind(frames.get(last))) {
                frames.set(last, frames.get(last).with(frame));
            } else {
                frames.add(frame);
            }
        }
        return frames;
    }
}
