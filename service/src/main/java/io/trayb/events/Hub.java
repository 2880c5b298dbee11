package io.trayb.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the log's entries to the followers of their topics. An event costs the followers of its topics, not all of them.
 *
 * <p>One lock guards the position, the index and the followers' places; it is held for one entry, or one page of them, at a time, and never while
 * anybody waits for a network. Entries come from one thread, the tail's; followers come and go on any.
 */
final class Hub {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Set<Follower>> followersByTopic = new HashMap<>();
    private final Set<Follower> followers = new LinkedHashSet<>();
    private final RecentEvents recent;
    private final RecentEntries entriesAtHand;
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    /** Only the tail's thread changes it. */
    private final List<Follower> touched = new ArrayList<>();

    private Cursor position = Cursor.UNKNOWN;
    private long entries;

    /**
     * @param recent what is remembered of the log
     * @param entriesAtHand what of the log is kept
     */
    Hub(RecentEvents recent, RecentEntries entriesAtHand) {
        this.recent = Objects.requireNonNull(recent, "recent");
        this.entriesAtHand = Objects.requireNonNull(entriesAtHand, "entriesAtHand");
    }

    /** See {@link Events#listen}. */
    void listen(Consumer<Event> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /** The cursor of somebody who has seen everything up to now. Thread-safe. */
    Cursor presentCursor() {
        lock();
        try {
            return position;
        } finally {
            unlock();
        }
    }

    // For the tail's thread.

    /** Hands out entries of the present epoch, each after the last; {@link #flush()} has those written to who got any. */
    void publish(List<LogEntry> newEntries) {
        for (LogEntry entry : newEntries) {
            handOut(entry);
        }
        for (LogEntry entry : newEntries) {
            if (entry instanceof LogEntry.Change change) {
                notifyListeners(change.event());
            }
        }
    }

    /** How many have got something since the last flush. */
    int unflushed() {
        return touched.size();
    }

    /** Has everybody written to who has got something. */
    void flush() {
        lock();
        try {
            touched.forEach(Follower::flush);
            touched.clear();
        } finally {
            unlock();
        }
    }

    /** Goes on from another place, and tells everybody who was following that something may be missing. */
    void jump(Cursor to, GapReason reason) {
        lock();
        try {
            position = to;
            recent.restart(to.id());
            entriesAtHand.restart(to.id());
            followers.forEach(follower -> follower.jumped(reason, to));
        } finally {
            unlock();
        }
        flush();
    }

    private void handOut(LogEntry entry) {
        lock();
        try {
            if (!entry.id().isAfter(position.id())) {
                // Read once more, after something had failed in the middle of handing out.
                return;
            }
            entries++;
            position = position.at(entry.id());
            recent.add(entry);
            entriesAtHand.add(entry);
            if (entry instanceof LogEntry.Change change) {
                for (String topic : change.event().topics()) {
                    offer(change, followersByTopic.getOrDefault(topic, Set.of()));
                }
            } else if (entry instanceof LogEntry.Gap gap) {
                followers.forEach(follower -> follower.take(gap));
            }
        } finally {
            unlock();
        }
    }

    private void offer(LogEntry.Change change, Set<Follower> interested) {
        for (Follower follower : interested) {
            if (follower.offered != entries) {
                follower.offered = entries;
                follower.take(change);
            }
        }
    }

    private void notifyListeners(Event event) {
        for (Consumer<Event> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                // One listener's defect must not stop the log for all streams; the event has reached everybody else.
                LOG.error("A listener failed on {} of job {}", event.name(), event.jobId(), e);
            }
        }
    }

    // For followers. All but lock() need the lock.

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    Cursor position() {
        return position;
    }

    RecentEvents recent() {
        return recent;
    }

    /** Up to so many entries after a cursor, if they are at hand; null when they have to be read from the log. */
    @Nullable
    LogPage pageAtHand(Cursor after, int count) {
        boolean atHand = after.sameEpoch(position)
                && entriesAtHand.covers(after.id())
                && !after.id().isAfter(position.id());
        if (!atHand) {
            return null;
        }
        List<LogEntry> page = entriesAtHand.after(after.id(), count);
        return new LogPage(
                null,
                page,
                page.isEmpty()
                        ? position
                        : position.at(page.get(page.size() - 1).id()));
    }

    void add(Follower follower) {
        followers.add(follower);
        for (String topic : follower.subscription().topics()) {
            followersByTopic
                    .computeIfAbsent(topic, unused -> new LinkedHashSet<>())
                    .add(follower);
        }
    }

    void remove(Follower follower) {
        followers.remove(follower);
        for (String topic : follower.subscription().topics()) {
            Set<Follower> others = followersByTopic.get(topic);
            if (others != null && others.remove(follower) && others.isEmpty()) {
                followersByTopic.remove(topic);
            }
        }
    }

    void touch(Follower follower) {
        if (!follower.touched) {
            follower.touched = true;
            touched.add(follower);
        }
    }
}
