package io.trayb.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One long poll: collects what its follower finds, and is answered once, as soon as there is something or its time is up.
 *
 * <p>What was handed in but not flushed is never part of an answer that a clock gives: the cursor in the answer is always exactly
 * the one up to which its events go. Thread-safe; what isn't volatile belongs to the follower's one writer.
 */
final class Poll implements Outlet {
    /** As much as one event may have anyhow, so that an answer stays in proportion. */
    private static final long MAX_CHARS = 1024 * 1024;

    private final int limit;
    private final Consumer<Answer> answering;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final List<LogEntry.Change> collected = new ArrayList<>();
    private long chars;
    private boolean gap;

    private volatile @Nullable Follower follower;
    private volatile Cursor reached;
    private volatile boolean due;
    private volatile boolean stalled;

    /**
     * @param from the cursor that the client sent, or the present one
     * @param limit how many events the answer may have, at least 1
     * @param answering gets the answer, once, on any thread and perhaps under the hub's lock
     */
    Poll(Cursor from, int limit, Consumer<Answer> answering) {
        this.reached = Objects.requireNonNull(from, "from");
        this.limit = limit;
        this.answering = Objects.requireNonNull(answering, "answering");
    }

    /**
     * What the client gets.
     *
     * @param events those found, oldest first
     * @param cursor where the next poll goes on
     * @param gap whether something before these events may be missing
     */
    record Answer(List<LogEntry.Change> events, Cursor cursor, boolean gap) {
        Answer {
            events = List.copyOf(events);
        }
    }

    /**
     * Begins it. Once only.
     *
     * @param atOnce whether to answer as soon as it is known that there is nothing at present
     */
    void begin(Follower events, @Nullable Cursor from, boolean atOnce) {
        if (atOnce) {
            due = true;
        }
        follower = events;
        events.start(from);
    }

    /** The time is up: answers now, or as soon as a page that is being read is complete. */
    void timeIsUp() {
        due = true;
        Follower events = follower;
        boolean live = events != null && events.ifLive(cursor -> answer(new Answer(collected, cursor, gap)));
        if (!live && stalled) {
            answerWithNothing();
        }
    }

    /** Answers in any case: nothing, and the cursor that is sure. */
    void answerWithNothing() {
        answer(new Answer(List.of(), reached, false));
    }

    void end() {
        Follower events = follower;
        if (events != null) {
            events.end();
        }
    }

    @Override
    public boolean event(LogEntry.Change change) {
        String json = change.event().data();
        boolean full = collected.size() >= limit || (!collected.isEmpty() && chars + json.length() > MAX_CHARS);
        if (full || answered.get()) {
            return false;
        }
        collected.add(change);
        chars += json.length();
        return true;
    }

    @Override
    public boolean gap(GapReason reason, OptionalLong dropped) {
        if (!collected.isEmpty()) {
            // The answer's gap stands before its events, so this one opens the next answer.
            return false;
        }
        gap = true;
        return true;
    }

    @Override
    public void position(Cursor cursor) {
        // The answer's cursor says it.
    }

    @Override
    public void flush(Cursor upTo, boolean live) {
        stalled = false;
        reached = upTo;
        if (!collected.isEmpty() || gap || (due && live)) {
            answer(new Answer(collected, upTo, gap));
        } else if (!live) {
            Follower events = follower;
            if (events != null) {
                events.roomAvailable();
            }
        }
    }

    @Override
    public void stalled() {
        stalled = true;
        if (due) {
            answerWithNothing();
        }
    }

    private void answer(Answer answer) {
        if (answered.compareAndSet(false, true)) {
            answering.accept(answer);
        }
    }
}
