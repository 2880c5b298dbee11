package io.trayb.metrics;

import io.trayb.monitoring.catalog.EventMetrics;
import io.trayb.monitoring.catalog.EventMetrics.DisconnectReason;
import io.trayb.monitoring.catalog.EventMetrics.GapReason;
import io.trayb.monitoring.catalog.EventMetrics.Kind;
import java.time.Duration;

/** Counts events and those who follow them, in this process. Thread-safe; never blocks. */
public final class EventRecorder {
    private static final double MILLISECONDS = 1e3;

    private final GaugeHandle active;
    private final CounterHandle disconnects;
    private final CounterHandle refused;
    private final CounterHandle dropped;
    private final CounterHandle gaps;
    private final CounterHandle.Child delivered;
    private final CounterHandle.Child replays;
    private final CounterHandle.Child published;
    private final CounterHandle.Child publishFailures;
    private final CounterHandle.Child bytes;
    private final HistogramHandle.Child commitToHub;
    private final HistogramHandle.Child hubToSocket;
    private final GaugeHandle lag;

    EventRecorder(Collectors collectors) {
        active = collectors.gauge(EventMetrics.ACTIVE);
        disconnects = collectors.counter(EventMetrics.DISCONNECTS);
        refused = collectors.counter(EventMetrics.REFUSED);
        dropped = collectors.counter(EventMetrics.DROPPED);
        gaps = collectors.counter(EventMetrics.GAPS);
        delivered = collectors.counter(EventMetrics.DELIVERED).child();
        replays = collectors.counter(EventMetrics.REPLAYS).child();
        published = collectors.counter(EventMetrics.PUBLISHED).child();
        publishFailures = collectors.counter(EventMetrics.PUBLISH_FAILURES).child();
        bytes = collectors.counter(EventMetrics.BYTES).child();
        commitToHub = collectors.histogram(EventMetrics.COMMIT_TO_HUB).child();
        hubToSocket = collectors.histogram(EventMetrics.HUB_TO_SOCKET).child();
        lag = collectors.gauge(EventMetrics.HUB_LAG);
    }

    /** A stream or a poll began; {@link #closed} or {@link #answered} ends it. */
    public void opened(Kind kind) {
        active.add(1, kind.label());
    }

    /** A stream ended. */
    public void closed(DisconnectReason reason) {
        active.add(-1, Kind.SSE.label());
        disconnects.inc(reason.label());
    }

    /** A poll was answered. */
    public void answered() {
        active.add(-1, Kind.POLL.label());
    }

    /** A stream or a poll was turned away. */
    public void refused(Kind kind) {
        refused.inc(kind.label());
    }

    /** So many events were handed to a connection. */
    public void delivered(long events) {
        delivered.add(events);
    }

    /** So many events that were meant for one connection will never reach it. */
    public void dropped(GapReason reason, long events) {
        dropped.add(events, reason.label());
    }

    /** A connection was told of a gap. */
    public void gapTold(GapReason reason) {
        gaps.inc(reason.label());
    }

    /** A connection began to read the log at its own pace. */
    public void replayStarted() {
        replays.inc();
    }

    /** So many events were added to the log. */
    public void published(long events) {
        published.add(events);
    }

    /** So many events didn't make it into the log. */
    public void publishFailed(long events) {
        publishFailures.add(events);
    }

    /** So many bytes were handed to streams' connections. */
    public void bytesWritten(long written) {
        bytes.add(written);
    }

    /** An event reached this process so many milliseconds after its commit. */
    public void reachedHub(long sinceCommitMs) {
        commitToHub.observe(sinceCommitMs / MILLISECONDS);
    }

    /** A write of events was complete so many nanoseconds after the hub had handed out the oldest of them. */
    public void reachedSocket(long sinceHubNanos) {
        hubToSocket.observeNanos(sinceHubNanos);
    }

    /** The newest event reached this process so long after it was stored. */
    public void lag(Duration behind) {
        lag.set(Seconds.of(behind));
    }
}
