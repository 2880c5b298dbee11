package io.trayb.events;

import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends streams and polls when the server is about to stop.
 *
 * <p>It must listen to the server itself: a server waits for its open requests before it stops what it manages, and a stream
 * is a request that never ends by itself.
 */
final class StreamDrain implements LifeCycle.Listener {
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

    @Override
    public void lifeCycleStopping(LifeCycle server) {
        streamSwitch.stop();
        polls.answerAll();
        streams.closeAll(CloseReason.DRAINED, window, reconnect);
        try {
            if (!streams.awaitNone(window.plus(GRACE))) {
                LOG.warn("Some event streams didn't take their end in time; the server closes them");
            }
        } catch (InterruptedException e) {
            // Whoever stops the server is in a hurry; it closes what is still open.
            Thread.currentThread().interrupt();
        }
    }
}
