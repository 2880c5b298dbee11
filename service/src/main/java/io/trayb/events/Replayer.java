package io.trayb.events;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for followers that aren't at its end, on a few threads that they share: a client that resumes far back takes
 * its turn page by page with all others. What waits is bounded by the number of followers, since each has at most one page
 * under way. Thread-safe.
 */
final class Replayer {
    private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

    private final LogReader reader;
    private final ExecutorService threads;
    private final EventTimer timer;

    /**
     * @param threads where reading waits for Redis; whoever made them stops them
     * @param timer for pauses; whoever made it stops it
     */
    Replayer(LogReader reader, ExecutorService threads, EventTimer timer) {
        this.reader = Objects.requireNonNull(reader, "reader");
        this.threads = Objects.requireNonNull(threads, "threads");
        this.timer = Objects.requireNonNull(timer, "timer");
    }

    void read(Follower follower) {
        try {
            threads.execute(() -> follower.readPage(reader));
        } catch (RejectedExecutionException e) {
            // Only while this process stops: the client's next connection, on another node, goes on from its cursor.
            LOG.debug("Not reading the log any more, this process is stopping", e);
        }
    }

    void readLater(Follower follower, Duration pause) {
        Runnable unused = timer.after(pause, () -> read(follower));
    }
}
