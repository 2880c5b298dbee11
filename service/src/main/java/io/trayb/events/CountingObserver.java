package io.trayb.events;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the Redis hash {@code metrics:sse} shows, and passes everything on. Thread-safe. */
final class CountingObserver implements EventObserver {
    private final EventObserver next;
    private final AtomicLong active = new AtomicLong();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    CountingObserver(EventObserver next) {
        this.next = Objects.requireNonNull(next, "next");
    }

    /** Streams that are open now. */
    long active() {
        return active.get();
    }

    /** Events handed to streams since the start. */
    long delivered() {
        return delivered.sum();
    }

    /** Events that connections will never get, since the start. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void opened(Kind kind) {
        if (kind == Kind.SSE) {
            active.incrementAndGet();
        }
        next.opened(kind);
    }

    @Override
    public void closed(CloseReason reason) {
        active.decrementAndGet();
        next.closed(reason);
    }

    @Override
    public void answered() {
        next.answered();
    }

    @Override
    public void refused(Kind kind) {
        next.refused(kind);
    }

    @Override
    public void delivered(Kind kind, long events) {
        if (kind == Kind.SSE) {
            delivered.add(events);
        }
        next.delivered(kind, events);
    }

    @Override
    public void bytesWritten(long bytes) {
        next.bytesWritten(bytes);
    }

    @Override
    public void dropped(GapReason reason, long events) {
        dropped.add(events);
        next.dropped(reason, events);
    }

    @Override
    public void gapTold(GapReason reason) {
        next.gapTold(reason);
    }

    @Override
    public void replayStarted() {
        next.replayStarted();
    }

    @Override
    public void published(long events) {
        next.published(events);
    }

    @Override
    public void publishFailed(long events) {
        next.publishFailed(events);
    }

    @Override
    public void tailLag(Duration lag) {
        next.tailLag(lag);
    }

    @Override
    public void reachedHub(long sinceCommitMs) {
        next.reachedHub(sinceCommitMs);
    }

    @Override
    public void reachedSocket(long sinceHubNanos) {
        next.reachedSocket(sinceHubNanos);
    }

    @Override
    public void logReachable(boolean reachable) {
        next.logReachable(reachable);
    }
}
