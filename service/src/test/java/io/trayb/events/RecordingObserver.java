package io.trayb.events;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what it heard, for tests to look at. Thread-safe. */
final class RecordingObserver implements EventObserver {
    final AtomicLong openStreams = new AtomicLong();
    final AtomicLong openPolls = new AtomicLong();
    final AtomicLong deliveredToStreams = new AtomicLong();
    final AtomicLong published = new AtomicLong();
    final AtomicLong publishFailed = new AtomicLong();
    final AtomicLong replays = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final Map<GapReason, Long> dropped = Collections.synchronizedMap(new EnumMap<>(GapReason.class));
    final Map<GapReason, Long> gaps = Collections.synchronizedMap(new EnumMap<>(GapReason.class));
    final Map<CloseReason, Long> closed = Collections.synchronizedMap(new EnumMap<>(CloseReason.class));
    volatile boolean reachable;

    @Override
    public void opened(Kind kind) {
        (kind == Kind.SSE ? openStreams : openPolls).incrementAndGet();
    }

    @Override
    public void closed(CloseReason reason) {
        openStreams.decrementAndGet();
        closed.merge(reason, 1L, Long::sum);
    }

    @Override
    public void answered() {
        openPolls.decrementAndGet();
    }

    @Override
    public void refused(Kind kind) {
        refused.incrementAndGet();
    }

    @Override
    public void delivered(Kind kind, long events) {
        if (kind == Kind.SSE) {
            deliveredToStreams.addAndGet(events);
        }
    }

    @Override
    public void dropped(GapReason reason, long events) {
        dropped.merge(reason, events, Long::sum);
    }

    @Override
    public void gapTold(GapReason reason) {
        gaps.merge(reason, 1L, Long::sum);
    }

    @Override
    public void replayStarted() {
        replays.incrementAndGet();
    }

    @Override
    public void published(long events) {
        published.addAndGet(events);
    }

    @Override
    public void publishFailed(long events) {
        publishFailed.addAndGet(events);
    }

    @Override
    public void logReachable(boolean nowReachable) {
        reachable = nowReachable;
    }
}
