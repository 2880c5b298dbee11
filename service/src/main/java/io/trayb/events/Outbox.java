package io.trayb.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events and gaps on their way to the log; bounded. Thread-safe; {@link #offer} and {@link #owe} never wait for Redis.
 *
 * <p>Gaps go before the events that wait. That is early enough and never too early: the events that a gap stands for were
 * committed before they were lost, so whoever reads the state again after the gap sees what they did.
 */
final class Outbox {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Deque<Pending> events = new ArrayDeque<>();
    private final Set<GapReason> gaps = EnumSet.noneOf(GapReason.class);
    private boolean closed;

    Outbox(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity is " + capacity + ", it must be at least 1");
        }
        this.capacity = capacity;
    }

    /**
     * Takes as many as there is room for and owes a gap for the rest. Returns how many it didn't take.
     *
     * @param committedAtMs when their transaction committed, by this process's clock, in milliseconds since 1970
     */
    int offer(List<Event> more, long committedAtMs) {
        lock.lock();
        try {
            int room = Math.max(0, Math.min(capacity - events.size(), more.size()));
            more.subList(0, room).forEach(event -> events.addLast(new Pending(event, committedAtMs)));
            if (room < more.size()) {
                gaps.add(GapReason.LOG_LOST);
            }
            filled.signal();
            return more.size() - room;
        } finally {
            lock.unlock();
        }
    }

    /** Remembers gaps that the log has to be told. */
    void owe(Collection<GapReason> reasons) {
        lock.lock();
        try {
            gaps.addAll(reasons);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something, and takes all gaps and up to {@code max} events; empty after the wait. */
    Batch take(int max, long waitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = waitNanos;
            while (events.isEmpty() && gaps.isEmpty() && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            List<Pending> taken = new ArrayList<>(Math.min(max, events.size()));
            while (taken.size() < max && !events.isEmpty()) {
                taken.add(events.removeFirst());
            }
            Batch batch = new Batch(List.copyOf(gaps), taken);
            gaps.clear();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back what {@link #take} gave and nobody has sent: it goes before all that came since, even beyond the capacity. */
    void putBack(Batch batch) {
        lock.lock();
        try {
            gaps.addAll(batch.gaps());
            List<Pending> back = batch.events();
            for (int i = back.size() - 1; i >= 0; i--) {
                events.addFirst(back.get(i));
            }
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up the events that wait, and owes a gap for them. Returns how many they were. */
    int discard() {
        lock.lock();
        try {
            int discarded = events.size();
            if (discarded > 0) {
                events.clear();
                gaps.add(GapReason.LOG_LOST);
            }
            return discarded;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return events.isEmpty() && gaps.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** From now on {@link #take} doesn't wait. What is offered still counts. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * An event that waits.
     *
     * @param committedAtMs when its transaction committed, in milliseconds since 1970
     */
    record Pending(Event event, long committedAtMs) {}

    /** What is to be added to the log at once: the gaps, then the events. */
    record Batch(List<GapReason> gaps, List<Pending> events) {
        boolean isEmpty() {
            return gaps.isEmpty() && events.isEmpty();
        }
    }
}
