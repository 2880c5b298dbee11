package io.trayb.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** The streams that are open in this process, and how many there may be. Thread-safe. */
final class OpenStreams implements Places {
    private final Set<StreamConnection> streams = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final int limit;
    private final PlacesPerKey perKey;
    private final EventTimer timer;
    private final RandomGenerator random;
    private int places;

    /**
     * @param limit how many streams there may be at once
     * @param perKey takes back the place of each stream that ends
     * @param timer on which {@link #closeAll} spreads its work; whoever made it stops it
     */
    OpenStreams(int limit, PlacesPerKey perKey, EventTimer timer, RandomGenerator random) {
        this.limit = limit;
        this.perKey = Objects.requireNonNull(perKey, "perKey");
        this.timer = Objects.requireNonNull(timer, "timer");
        this.random = Objects.requireNonNull(random, "random");
    }

    /** Takes a place, to be given back by {@link #remove} or {@link #giveBack}; false when there is none. */
    @Override
    public boolean takePlace() {
        lock.lock();
        try {
            if (places >= limit) {
                return false;
            }
            places++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void giveBack() {
        lock.lock();
        try {
            places--;
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void add(StreamConnection stream) {
        streams.add(stream);
    }

    /** Removes a stream that ended and gives its place back; once for each that was added. */
    void remove(StreamConnection stream) {
        if (streams.remove(stream)) {
            perKey.giveBack(stream.caller());
            giveBack();
        }
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    List<StreamConnection> all() {
        return new ArrayList<>(streams);
    }

    /**
     * Ends all streams, in random order and spread over a time, so that their clients don't come back all at once.
     *
     * @param retry says to each client, in milliseconds, how long to stay away
     */
    void closeAll(CloseReason reason, Duration spread, RetryDelay retry) {
        List<StreamConnection> closing = all();
        Collections.shuffle(closing, new Random(random.nextLong()));
        Duration step = spread.dividedBy(Math.max(1, closing.size()));
        for (int i = 0; i < closing.size(); i++) {
            StreamConnection stream = closing.get(i);
            Runnable unused = timer.after(step.multipliedBy(i), () -> stream.close(reason, retry.nextMs()));
        }
    }

    /** Ends the streams of keys that are no longer good. */
    void closeDead(RetryDelay retry) {
        for (StreamConnection stream : streams) {
            if (!stream.caller().isLive()) {
                stream.close(CloseReason.KEY_ENDED, retry.nextMs());
            }
        }
    }

    /** Waits until no stream is left; false when the time is up first. */
    boolean awaitNone(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (places > 0 && left > 0) {
                left = fewer.awaitNanos(left);
            }
            return places == 0;
        } finally {
            lock.unlock();
        }
    }
}
