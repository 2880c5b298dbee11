package io.trayb.events;

import jakarta.servlet.AsyncContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The long polls that wait in this process. Thread-safe. */
final class WaitingPolls {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingPolls.class);

    /** How long past its time a poll waits for a page of the log that is being read, before it is answered without. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final int limit;
    private final FollowerFactory followers;
    private final EventTimer timer;
    private final Executor writers;
    private final EventObserver observer;
    private final AtomicInteger places = new AtomicInteger();
    private final Set<Poll> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** Makes the follower that goes through the log for an outlet. */
    @FunctionalInterface
    interface FollowerFactory {
        Follower follow(List<String> topics, Outlet outlet);
    }

    /**
     * @param limit how many polls may wait at once
     */
    WaitingPolls(int limit, FollowerFactory followers, EventTimer timer, Executor writers, EventObserver observer) {
        this.limit = limit;
        this.followers = Objects.requireNonNull(followers, "followers");
        this.timer = Objects.requireNonNull(timer, "timer");
        this.writers = Objects.requireNonNull(writers, "writers");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /** Whether this process stops, and a poll that comes now should go elsewhere: it would hold up the stop. */
    boolean isStopping() {
        return stopping;
    }

    /** Takes a place, given back by the poll that {@link #begin} begins or by {@link #giveBack}; false when there is none. */
    boolean takePlace() {
        if (places.incrementAndGet() <= limit) {
            return true;
        }
        places.decrementAndGet();
        return false;
    }

    /** Gives back a place on which no poll came to be. */
    void giveBack() {
        places.decrementAndGet();
    }

    void begin(AsyncContext async, List<String> topics, @Nullable Cursor after, int timeoutMs, int maxEvents) {
        AtomicReference<@Nullable Poll> self = new AtomicReference<>();
        AtomicReference<@Nullable Runnable> alarm = new AtomicReference<>();
        Poll poll = new Poll(after == null ? Cursor.UNKNOWN : after, maxEvents, answer -> {
            try {
                writers.execute(() -> finish(self.get(), alarm.get(), async, answer));
            } catch (RejectedExecutionException e) {
                // The process stops, and its server closes what is still open.
                LOG.debug("A poll isn't answered any more, this process is stopping", e);
            }
        });
        self.set(poll);
        waiting.add(poll);
        boolean atOnce = after == null || timeoutMs == 0;
        int wait = after == null ? 0 : timeoutMs;
        alarm.set(timer.after(Duration.ofMillis(wait), () -> timeIsUp(poll)));
        poll.begin(followers.follow(topics, poll), after, atOnce);
        if (stopping) {
            // It was on its way while all that waited were answered.
            timeIsUp(poll);
        }
    }

    /** Answers all that wait, with what is known, and lets nobody wait any more: this process stops. */
    void answerAll() {
        stopping = true;
        waiting.forEach(Poll::timeIsUp);
    }

    private void timeIsUp(Poll poll) {
        poll.timeIsUp();
        Runnable unused = timer.after(GRACE, poll::answerWithNothing);
    }

    private void finish(@Nullable Poll poll, @Nullable Runnable cancelAlarm, AsyncContext async, Poll.Answer answer) {
        if (poll != null) {
            poll.end();
            waiting.remove(poll);
        }
        if (cancelAlarm != null) {
            cancelAlarm.run();
        }
        places.decrementAndGet();
        observer.answered();
        observer.delivered(EventObserver.Kind.POLL, answer.events().size());
        PollAnswer.write(async, answer);
    }
}
