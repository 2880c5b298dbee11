package io.trayb.events;

import io.trayb.threads.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends streams whose client vanished without a word: its machine lost power, or the network between. Heartbeats fit into the
 * socket's buffer for hours, so no write fails before the kernel gives up, after a quarter of an hour; Java can't set
 * TCP_USER_TIMEOUT. So it is asked of the kernel which connections have left five retransmissions of the last heartbeat
 * unanswered. On Linux that takes 6.2 s where a round trip takes less than 200 ms, and twice that at 400 ms: with a look
 * every two seconds such a client is gone within two heartbeats of 15 s. Where there are so many connections that a look takes long, the
 * next one comes later, up to five seconds, and the first of these cases is in time; and while the kernel has counted no time-out
 * since the last one, none is needed. Behind a proxy the proxy is the peer.
 *
 * <p>Owns the thread {@code trayb-lost-peers}.
 */
final class LostPeers {
    private static final Logger LOGGER = LoggerFactory.getLogger(LostPeers.class);
    private static final int UNANSWERED = 5;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY_AT_MOST = Duration.ofSeconds(5);
    /** A look at 20,000 streams takes a tenth of a second: so it may take a fiftieth of a core. */
    private static final int PAUSE_PER_LOOK = 50;

    private final OpenStreams streams;
    private final TcpTable connections;
    private final TcpTimeouts timeouts;
    /** The count at the last look. */
    private OptionalLong seen = OptionalLong.empty();

    private final Loop loop = new Loop("lost-peers", this::look);

    LostPeers(OpenStreams streams, TcpTable connections, TcpTimeouts timeouts) {
        this.streams = Objects.requireNonNull(streams, "streams");
        this.connections = Objects.requireNonNull(connections, "connections");
        this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
    }

    void start() {
        if (connections.isKnown()) {
            loop.start();
        } else {
            LOGGER.info("This system doesn't tell of vanished clients; their streams end by the write timeout");
        }
    }

    void stop() throws InterruptedException {
        loop.stop(LOOK_EVERY_AT_MOST);
    }

    private Duration look() {
        long began = System.nanoTime();
        if (!streams.isEmpty()) {
            try {
                closeLost();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pauseAfter(Duration.ofNanos(System.nanoTime() - began));
    }

    private void closeLost() throws IOException {
        Set<TcpTable.Ends> unanswered = newlyUnanswered();
        if (!unanswered.isEmpty()) {
            streams.all().forEach(stream -> stream.closeIfLost(unanswered));
        }
    }

    /** The connections that answer nothing any more; none if no time-out was counted since this was asked last. */
    Set<TcpTable.Ends> newlyUnanswered() throws IOException {
        // Asked before the list is read: what is counted meanwhile has the list read once more.
        OptionalLong count = timeouts.count();
        if (count.isPresent() && count.equals(seen)) {
            return Set.of();
        }
        Set<TcpTable.Ends> unanswered = connections.unanswered(UNANSWERED);
        seen = count;
        return unanswered;
    }

    /** Until the next look, after one that took so long. */
    static Duration pauseAfter(Duration look) {
        Duration pause = look.multipliedBy(PAUSE_PER_LOOK);
        if (pause.compareTo(LOOK_EVERY) < 0) {
            return LOOK_EVERY;
        }
        return pause.compareTo(LOOK_EVERY_AT_MOST) < 0 ? pause : LOOK_EVERY_AT_MOST;
    }
}
