package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Unit;
import java.util.List;
import java.util.Locale;

/** Events and those who follow them, by stream or by long poll. */
public final class EventMetrics {
    public static final Label KIND = Label.closed("kind", Kind.class);
    public static final Label GAP_REASON = Label.closed("reason", GapReason.class);
    public static final Label DISCONNECT_REASON = Label.closed("reason", DisconnectReason.class);

    public static final Gauge ACTIVE = Gauge.ownShare(
            "trayb_sse_active_connections", Unit.COUNT, "Open event streams, and long polls that wait.", KIND);
    public static final Counter DELIVERED =
            Counter.of("trayb_sse_events_delivered_total", "Events that were handed to a connection.");
    public static final Counter DROPPED = Counter.of(
            "trayb_sse_events_dropped_total",
            "Events, once for each connection that they were meant for and never reach.",
            GAP_REASON);
    public static final Counter GAPS =
            Counter.of("trayb_sse_gaps_total", "Times that a client was told that events may be missing.", GAP_REASON);
    public static final Counter DISCONNECTS = Counter.of(
            "trayb_sse_disconnects_total", "Event streams that ended, by what ended them.", DISCONNECT_REASON);
    public static final Counter REFUSED = Counter.of(
            "trayb_sse_refused_total",
            "Streams and long polls that were turned away for want of room or at a stop.",
            KIND);
    public static final Counter REPLAYS = Counter.of(
            "trayb_sse_replays_total",
            "Times that a connection went to read the log, to resume or since it fell behind.");
    public static final Counter PUBLISHED =
            Counter.of("trayb_events_published_total", "Events that were written to the shared log.");
    public static final Counter PUBLISH_FAILURES =
            Counter.of("trayb_events_publish_failures_total", "Events that could not be written to the shared log.");
    public static final Counter BYTES =
            Counter.of("trayb_sse_bytes_total", "Bytes that were handed to the connections of event streams.");

    /** The clocks of two processes are compared, in milliseconds: below that it says nothing. */
    public static final Histogram COMMIT_TO_HUB = Histogram.ofSeconds(
            "trayb_events_commit_to_hub_seconds",
            "How long events took from their commit, on whichever instance, until this process handed them out to its streams and polls.",
            List.of(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0));

    public static final Histogram HUB_TO_SOCKET = Histogram.ofSeconds(
            "trayb_events_hub_to_socket_seconds",
            "How long it took from handing an event out to the end of the write that it was the oldest in; replays left out.",
            List.of(0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 10.0));

    public static final Gauge HUB_LAG = Gauge.ownShare(
                    "trayb_events_hub_lag_seconds",
                    Unit.SECONDS,
                    "How old the newest event was when this process read it from the shared log.")
            .largestCounts();

    private EventMetrics() {}

    /** How a client follows events. */
    public enum Kind implements LabelValue {
        SSE,
        POLL;

        @Override
        public String label() {
            return hyphenated(this);
        }
    }

    /** Why events don't reach a client; the words are those of the {@code gap} event. */
    public enum GapReason implements LabelValue {
        /** They were asked for after the log had forgotten them. */
        TRIMMED,
        /** The client was too slow for what it asked for. */
        SLOW_CONSUMER,
        /** A process died between a job's commit and its event. */
        NODE_LOST,
        /** The log itself lost its end, or was out of reach. */
        LOG_LOST;

        @Override
        public String label() {
            return hyphenated(this);
        }
    }

    /** What ended a stream. */
    public enum DisconnectReason implements LabelValue {
        /** The client went away, or its connection broke. */
        CLIENT_GONE("client-gone"),
        /** The client took nothing for longer than the write time-out. */
        WRITE_TIMEOUT("write-timeout"),
        /** The client vanished without a word. */
        PEER_LOST("peer-lost"),
        /** Streams were switched off. */
        DISABLED("disabled"),
        /** The key was revoked, or has expired. */
        KEY_ENDED("key-ended"),
        /** The process is stopping. */
        DRAINED("shutdown");

        private final String label;

        DisconnectReason(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }

    private static String hyphenated(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
