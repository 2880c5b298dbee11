package io.trayb.events;

import io.trayb.http.ProblemWriter;
import io.trayb.http.RequestIds;
import io.trayb.keys.Caller;
import io.trayb.keys.Refusals;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The long polls that wait in this process. Thread-safe. */
final class WaitingPolls implements Places {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingPolls.class);

    /** How long past its time a poll waits for a page of the log that is being read, before it is answered without. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final int limit;
    private final FollowerFactory followers;
    private final EventTimer timer;
    private final Executor writers;
    private final EventObserver observer;
    private final AtomicInteger places = new AtomicInteger();
    private final ConcurrentMap<Poll, Caller> waiting = new ConcurrentHashMap<>();
    private final PlacesPerKey perKey;
    private final ProblemWriter problems;
    private volatile boolean stopping;

    /** Makes the follower that goes through the log for an outlet. */
    @FunctionalInterface
    interface FollowerFactory {
        Follower follow(Caller caller, List<String> topics, Outlet outlet);
    }

    /**
     * @param limit how many polls may wait at once
     * @param perKey takes back the place of each poll that is answered
     * @param problems answers those whose key is no longer good
     */
    WaitingPolls(
            int limit,
            PlacesPerKey perKey,
            FollowerFactory followers,
            EventTimer timer,
            Executor writers,
            ProblemWriter problems,
            EventObserver observer) {
        this.limit = limit;
        this.perKey = Objects.requireNonNull(perKey, "perKey");
        this.problems = Objects.requireNonNull(problems, "problems");
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
    @Override
    public boolean takePlace() {
        if (places.incrementAndGet() <= limit) {
            return true;
        }
        places.decrementAndGet();
        return false;
    }

    @Override
    public void giveBack() {
        places.decrementAndGet();
    }

    void begin(AsyncContext async, Admission admitted, @Nullable Cursor after, int timeoutMs, int maxEvents) {
        Caller caller = admitted.caller();
        AtomicReference<@Nullable Poll> self = new AtomicReference<>();
        AtomicReference<@Nullable Runnable> alarm = new AtomicReference<>();
        String id = RequestIds.of(async.getRequest());
        Poll poll = new Poll(after == null ? Cursor.UNKNOWN : after, maxEvents, answer -> {
            try {
                writers.execute(
                        () -> RequestIds.during(id, () -> finish(self.get(), alarm.get(), caller, async, answer)));
            } catch (RejectedExecutionException e) {
                // The process stops, and its server closes what is still open.
                LOG.debug("A poll isn't answered any more, this process is stopping", e);
            }
        });
        self.set(poll);
        waiting.put(poll, caller);
        boolean atOnce = after == null || timeoutMs == 0;
        int wait = after == null ? 0 : timeoutMs;
        alarm.set(timer.after(Duration.ofMillis(wait), () -> timeIsUp(poll)));
        poll.begin(followers.follow(caller, admitted.topics(), poll), after, atOnce);
        if (stopping) {
            // It was on its way while all that waited were answered.
            timeIsUp(poll);
        }
    }

    /** Answers all that wait, with what is known, and lets nobody wait any more: this process stops. */
    void answerAll() {
        stopping = true;
        waiting.keySet().forEach(Poll::timeIsUp);
    }

    /** Ends the polls of keys that are no longer good. */
    void endDead() {
        waiting.forEach((poll, caller) -> {
            if (!caller.isLive()) {
                poll.answerWithNothing();
            }
        });
    }

    private void timeIsUp(Poll poll) {
        poll.timeIsUp();
        Runnable unused = timer.after(GRACE, poll::answerWithNothing);
    }

    private void finish(
            @Nullable Poll poll,
            @Nullable Runnable cancelAlarm,
            Caller caller,
            AsyncContext async,
            Poll.Answer answer) {
        if (poll != null) {
            poll.end();
            waiting.remove(poll);
        }
        if (cancelAlarm != null) {
            cancelAlarm.run();
        }
        places.decrementAndGet();
        perKey.giveBack(caller);
        observer.answered();
        if (caller.isLive()) {
            observer.delivered(EventObserver.Kind.POLL, answer.events().size());
            PollAnswer.write(async, answer);
        } else {
            refuse(async);
        }
    }

    /** Whatever there was to tell is for nobody any more. */
    private void refuse(AsyncContext async) {
        try {
            problems.write(
                    (HttpServletResponse) async.getResponse(),
                    Refusals.badKey("This API key was revoked or has expired meanwhile"));
            async.complete();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("A poll whose key has ended couldn't be answered", e);
        }
    }
}
