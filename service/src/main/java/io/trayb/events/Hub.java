package io.trayb.events;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * Hands the log's entries to the followers of their topics. An event costs the followers of its topics, not all of them, and events
 * that are handed out together cost most of these as much as one.
 *
 * <p>One lock guards the position, the index and the followers' places; it is held for one page of entries at a time, and never while
 * anybody waits for a network. Entries come from one thread, the tail's; followers come and go on any.
 */
final class Hub {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    /** How many entries are handed out at once at most: others wait for the lock meanwhile. */
    private static final int PAGE = 128;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Audience> audiences = new HashMap<>();
    /** Those for whom something has gathered. */
    private final List<Audience> expecting = new ArrayList<>();

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

    /** Tells those who {@linkplain #listen listen} of new entries, which are yet to be handed out. */
    void announce(List<LogEntry> newEntries) {
        for (LogEntry entry : newEntries) {
            if (entry instanceof LogEntry.Change change) {
                notifyListeners(change.event());
            }
        }
    }

    /** How many follow a topic of these entries; who follows several is counted for each. */
    int followersOf(List<LogEntry> newEntries) {
        Set<Audience> concerned = new HashSet<>();
        lock();
        try {
            for (LogEntry entry : newEntries) {
                if (entry instanceof LogEntry.Change change) {
                    for (String topic : change.event().topics()) {
                        Audience audience = audiences.get(topic);
                        if (audience != null) {
                            concerned.add(audience);
                        }
                    }
                }
            }
            return concerned.stream().mapToInt(Audience::size).sum();
        } finally {
            unlock();
        }
    }

    /** Hands out entries of the present epoch, each after the last; {@link #flush()} has those written to who got any. */
    void publish(List<LogEntry> newEntries) {
        for (List<LogEntry> page : Lists.partition(newEntries, PAGE)) {
            handOut(page);
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

    private void handOut(List<LogEntry> page) {
        lock();
        Cursor before = position;
        try {
            for (LogEntry entry : page) {
                handOut(entry, before);
            }
            handOutGathered(before);
        } catch (RuntimeException | Error e) {
            // A lack of memory, or a defect of ours. Nobody knows who has got what, and what is kept of the log may
            // have a hole: each
            // follower finds in the log itself what comes after the place at which it stood.
            audiences.values().forEach(Audience::forget);
            expecting.clear();
            recent.restart(position.id());
            entriesAtHand.restart(position.id());
            followers.forEach(follower -> follower.interrupted(before));
            followers.forEach(Follower::touchIfIdle);
            throw e;
        } finally {
            unlock();
        }
    }

    private void handOut(LogEntry entry, Cursor before) {
        if (!entry.id().isAfter(position.id())) {
            // Handed out once more, after something had failed in the middle of it.
            return;
        }
        entries++;
        position = position.at(entry.id());
        recent.add(entry);
        entriesAtHand.add(entry);
        if (entry instanceof LogEntry.Change change) {
            gather(change, before);
        } else if (entry instanceof LogEntry.Gap gap) {
            handOutGathered(before);
            followers.forEach(follower -> follower.give(gap, before));
        }
    }

    private void gather(LogEntry.Change change, Cursor before) {
        Run alone = null;
        for (String topic : change.event().topics()) {
            Audience audience = audiences.get(topic);
            if (audience == null) {
                continue;
            }
            if (alone == null) {
                alone = new Run(List.of(change));
                // Now, so that what is gathered lies side by side, whoever wants a part of it before.
                alone.joined();
            }
            if (audience.gather(change)) {
                expecting.add(audience);
            }
            for (Follower follower : audience.ofSeveral()) {
                if (follower.offered != entries) {
                    follower.offered = entries;
                    follower.give(alone, before);
                }
            }
        }
    }

    private void handOutGathered(Cursor before) {
        for (Audience audience : expecting) {
            audience.handOut(before);
        }
        expecting.clear();
    }

    private void notifyListeners(Event event) {
        for (Consumer<Event> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                // One listener's defect must not stop the log for all streams, nor for other listeners.
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
            audiences.computeIfAbsent(topic, unused -> new Audience()).add(follower);
        }
    }

    void remove(Follower follower) {
        followers.remove(follower);
        for (String topic : follower.subscription().topics()) {
            Audience audience = audiences.get(topic);
            if (audience != null) {
                audience.remove(follower);
                if (audience.isEmpty()) {
                    audiences.remove(topic);
                }
            }
        }
    }

    void touch(Follower follower) {
        if (!follower.touched) {
            touched.add(follower);
            follower.touched = true;
        }
    }
}
