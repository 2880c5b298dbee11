package io.trayb.events;

import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends streams and polls when the server is about to stop. */
final class StreamDrain {
    private static final Logger LOG = LoggerFactory.getLogger(StreamDrain.class);

    /** For the last streams' last blocks. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final StreamSwitch streamSwitch;
    private final OpenStreams streams;
    private final WaitingPolls polls;
    private final Duration window;
    private final RetryDelay reconnect;

    /**
     * @param window over what time the ends are spread
     */
    StreamDrain(
            StreamSwitch streamSwitch, OpenStreams streams, WaitingPolls polls, Duration window, RetryDelay reconnect) {
        this.streamSwitch = Objects.requireNonNull(streamSwitch, "streamSwitch");
        this.streams = Objects.requireNonNull(streams, "streams");
        this.polls = Objects.requireNonNull(polls, "polls");
        this.window = Objects.requireNonNull(window, "window");
        this.reconnect = Objects.requireNonNull(reconnect, "reconnect");
    }

    /** Returns when no stream is left, or when they have had their time. */
    void run() throws InterruptedException {
        streamSwitch.stop();
        polls.answerAll();
        streams.closeAll(CloseReason.DRAINED, window, reconnect);
        if (!streams.awaitNone(window.plus(GRACE))) {
            LOG.warn("Some event streams didn't take their end in time, and are cut off");
            streams.all().forEach(StreamConnection::cutOff);
        }
    }
}
