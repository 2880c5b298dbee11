package io.trayb.pressure;

import io.dropwizard.lifecycle.Managed;
import io.trayb.monitoring.catalog.LoadShedding.Reason;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process has more to do than it can, and why. Thread-safe; asking costs less than a microsecond.
 *
 * <p>Owns the thread {@code trayb-pressure}, which looks ten times a second.
 */
public final class Pressure implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(Pressure.class);
    /**
     * While requests are refused little garbage is made, and nobody collects it: so that it is seen when there is room again. Less
     * and less often while there is none, since a full collection of a large heap stops everything.
     */
    private static final Duration COLLECT_AFTER = Duration.ofSeconds(5);

    private static final Duration COLLECT_AT_LEAST_EVERY = Duration.ofMinutes(1);

    /** A load that hovers about a limit isn't told each time. */
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final PressureLimits limits;
    private final IntSupplier connectionWaiters;
    private final SchedulingDelay delay;
    private final HeapAfterCollection heap = new HeapAfterCollection();
    private final AtomicInteger requests = new AtomicInteger();
    private final Loop loop = new Loop("pressure", this::look);
    private final LongSupplier nanoTime;
    private boolean high;
    private long toldNanos;
    private long collectedNanos;
    private Duration collectAfter = COLLECT_AFTER;

    /**
     * Refuses nothing, and listens to nobody, before {@link #start}.
     *
     * @param connectionWaiters how many threads wait for a connection to Postgres now; quick and thread-safe
     * @param nanoTime a monotonic clock
     */
    public Pressure(PressureLimits limits, IntSupplier connectionWaiters, LongSupplier nanoTime) {
        this.limits = limits;
        this.connectionWaiters = connectionWaiters;
        this.nanoTime = nanoTime;
        this.toldNanos = nanoTime.getAsLong() - TELL_EVERY.toNanos();
        this.delay = new SchedulingDelay(nanoTime);
    }

    /** Says which threads answer requests, once they are known. */
    public void measures(Executor requestThreads) {
        delay.measures(requestThreads);
    }

    @Override
    public void start() {
        heap.listen();
        delay.begin();
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(SchedulingDelay.EVERY);
        heap.close();
    }

    /** Why a further request is to be refused; empty when it isn't. */
    Optional<Reason> reason() {
        if (heap.freeBytes() < limits.heapFreeBytes()) {
            return Optional.of(Reason.HEAP);
        }
        if (delay.worst().compareTo(limits.delay()) > 0) {
            return Optional.of(Reason.DELAY);
        }
        if (requests.get() >= limits.requests()) {
            return Optional.of(Reason.REQUESTS);
        }
        return connectionWaiters.getAsInt() > limits.connectionWaiters()
                ? Optional.of(Reason.CONNECTIONS)
                : Optional.empty();
    }

    /** A request has its thread. */
    void began() {
        requests.incrementAndGet();
    }

    /** A request has left its thread. */
    void ended() {
        requests.decrementAndGet();
    }

    /** How long work waits for its thread, at worst within the last second. */
    public Duration delay() {
        return delay.worst();
    }

    /** What the last collection of garbage left free of the heap's limit, in bytes. */
    public long heapFreeBytes() {
        return heap.freeBytes();
    }

    /** How many requests hold a thread. */
    public int requests() {
        return requests.get();
    }

    /** All of it, at this moment. */
    public PressureState state() {
        List<String> reasons = new ArrayList<>();
        reason().ifPresent(reason -> reasons.add(reason.label()));
        long limit = Runtime.getRuntime().maxMemory();
        double used = Math.round(100.0 * (limit - heap.freeBytes()) / limit) / 100.0;
        return new PressureState(
                reasons.isEmpty() ? "ok" : "high",
                reasons,
                delay.worst().toMillis(),
                used,
                requests.get(),
                connectionWaiters.getAsInt());
    }

    private Duration look() {
        Duration pause = delay.look();
        Optional<Reason> reason = reason();
        long now = nanoTime.getAsLong();
        if (reason.isPresent() != high && now - toldNanos >= TELL_EVERY.toNanos()) {
            high = reason.isPresent();
            if (high) {
                LOGGER.warn("This process has more to do than it can, and refuses requests: {}", state());
            } else {
                LOGGER.info("This process takes requests again");
            }
            toldNanos = high ? now : now - TELL_EVERY.toNanos();
        }
        collectIfFull(reason.filter(Reason.HEAP::equals).isPresent(), now);
        return pause;
    }

    private void collectIfFull(boolean full, long now) {
        if (!full) {
            collectAfter = COLLECT_AFTER;
            collectedNanos = now;
        } else if (now - collectedNanos >= collectAfter.toNanos()) {
            System.gc();
            collectedNanos = now;
            collectAfter = collectAfter.multipliedBy(2).compareTo(COLLECT_AT_LEAST_EVERY) < 0
                    ? collectAfter.multipliedBy(2)
                    : COLLECT_AT_LEAST_EVERY;
        }
    }
}
