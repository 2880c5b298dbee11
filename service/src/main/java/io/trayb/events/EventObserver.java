package io.trayb.events;

import java.time.Duration;

/**
 * Hears what the events part does, to count it. Called from many threads, some of them in the middle of delivery: methods
 * must be thread-safe, return at once and not throw. Each does nothing unless overridden.
 */
public interface EventObserver {
    /** Observes nothing. */
    EventObserver NONE = new EventObserver() {};

    /** How a client listens. */
    enum Kind {
        /** A server-sent event stream. */
        SSE,
        /** A long poll that is waiting for its answer. */
        POLL
    }

    /** A stream or a poll began; it counts as active until {@link #closed} or {@link #answered}. */
    default void opened(Kind kind) {}

    /** A stream ended. */
    default void closed(CloseReason reason) {}

    /** A poll was answered. */
    default void answered() {}

    /** A request was turned away because streams are off, this process is stopping, or its limit is reached. */
    default void refused(Kind kind) {}

    /** So many events were handed to a client's socket, or put in a poll's answer. */
    default void delivered(Kind kind, long events) {}

    /** So many bytes were handed to clients' sockets by streams. */
    default void bytesWritten(long bytes) {}

    /** So many events that were meant for one connection will never reach it. */
    default void dropped(GapReason reason, long events) {}

    /** One connection was told of a gap. */
    default void gapTold(GapReason reason) {}

    /** One connection began to read the log at its own pace: it resumed, or it fell behind. */
    default void replayStarted() {}

    /** So many events were added to the log by this process. */
    default void published(long events) {}

    /** So many events of this process didn't make it into the log; a gap is told for them. */
    default void publishFailed(long events) {}

    /** An event was read by this process so long after Redis had stored it, by the two machines' clocks; not negative. */
    default void tailLag(Duration lag) {}

    /** An event was handed out by this process's hub so many milliseconds after its commit, by the two processes' clocks; not negative. */
    default void reachedHub(long sinceCommitMs) {}

    /** A write of live events is complete: so many nanoseconds after the hub had handed out the oldest of them. */
    default void reachedSocket(long sinceHubNanos) {}

    /** Whether this process is following the log at present. */
    default void logReachable(boolean reachable) {}
}
