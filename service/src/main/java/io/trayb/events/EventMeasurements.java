package io.trayb.events;

import io.trayb.metrics.EventRecorder;
import io.trayb.monitoring.catalog.EventMetrics;
import java.time.Duration;

/** Counts what happens to events in the declared metrics. Thread-safe; never blocks. */
public final class EventMeasurements implements EventObserver {
    private final EventRecorder recorder;

    public EventMeasurements(EventRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void opened(Kind kind) {
        recorder.opened(kind(kind));
    }

    @Override
    public void closed(CloseReason reason) {
        recorder.closed(
                switch (reason) {
                    case CLIENT_GONE -> EventMetrics.DisconnectReason.CLIENT_GONE;
                    case WRITE_TIMEOUT -> EventMetrics.DisconnectReason.WRITE_TIMEOUT;
                    case PEER_LOST -> EventMetrics.DisconnectReason.PEER_LOST;
                    case DISABLED -> EventMetrics.DisconnectReason.DISABLED;
                    case KEY_ENDED -> EventMetrics.DisconnectReason.KEY_ENDED;
                    case DRAINED -> EventMetrics.DisconnectReason.DRAINED;
                });
    }

    @Override
    public void answered() {
        recorder.answered();
    }

    @Override
    public void refused(Kind kind) {
        recorder.refused(kind(kind));
    }

    @Override
    public void delivered(Kind kind, long events) {
        recorder.delivered(events);
    }

    @Override
    public void dropped(GapReason reason, long events) {
        recorder.dropped(reason(reason), events);
    }

    @Override
    public void gapTold(GapReason reason) {
        recorder.gapTold(reason(reason));
    }

    @Override
    public void replayStarted() {
        recorder.replayStarted();
    }

    @Override
    public void published(long events) {
        recorder.published(events);
    }

    @Override
    public void publishFailed(long events) {
        recorder.publishFailed(events);
    }

    @Override
    public void bytesWritten(long bytes) {
        recorder.bytesWritten(bytes);
    }

    @Override
    public void reachedHub(long sinceCommitMs) {
        recorder.reachedHub(sinceCommitMs);
    }

    @Override
    public void reachedSocket(long sinceHubNanos) {
        recorder.reachedSocket(sinceHubNanos);
    }

    @Override
    public void tailLag(Duration lag) {
        recorder.lag(lag);
    }

    private static EventMetrics.Kind kind(Kind kind) {
        return switch (kind) {
            case SSE -> EventMetrics.Kind.SSE;
            case POLL -> EventMetrics.Kind.POLL;
        };
    }

    private static EventMetrics.GapReason reason(GapReason reason) {
        return switch (reason) {
            case TRIMMED -> EventMetrics.GapReason.TRIMMED;
            case SLOW_CONSUMER -> EventMetrics.GapReason.SLOW_CONSUMER;
            case NODE_LOST -> EventMetrics.GapReason.NODE_LOST;
            case LOG_LOST -> EventMetrics.GapReason.LOG_LOST;
        };
    }
}
