package io.trayb.jobs.queue;

import io.trayb.database.Transactions;
import io.trayb.events.Event;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.store.LimitedClaims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Starts jobs of queues that have limits; the others are claimed without it, and pay for none of this.
 *
 * <p>Which queues these are is read again when it is half a second old. It decides only by which way a queue is claimed: either
 * way reads the limits themselves in the database, and starts nothing that the other way is for. So a limit holds from the moment
 * that it is set, and until this process has heard of it the queue merely rests.
 *
 * <p>Thread-safe. What asks the database throws {@link org.jdbi.v3.core.JdbiException} when that is out of reach; what was
 * asked is then done whole or not at all, and which can be read once it is back.
 */
public final class LimitedStarts {
    private static final Duration REFRESH = Duration.ofMillis(500);
    /** After a claim that found another one at work, which takes about as long. */
    private static final Duration SOON = Duration.ofMillis(10);
    /** The events that tell of one active job less. */
    private static final Set<String> ENDS =
            Set.of("job.completed", "job.failed", "job.cancelled", "job.delayed", "job.waiting");

    private final Transactions transactions;
    private final Announcer announcer;
    private final LongSupplier nanoTime;
    private volatile Set<String> names = Set.of();
    private volatile long readAt;

    /** @param nanoTime a monotonic clock */
    public LimitedStarts(Transactions transactions, Announcer announcer, LongSupplier nanoTime) {
        this.transactions = transactions;
        this.announcer = announcer;
        this.nanoTime = nanoTime;
        this.readAt = nanoTime.getAsLong() - REFRESH.toNanos();
        announcer.onFreed(this::frees);
    }

    /** Whether any queue has limits. */
    public boolean areThere() {
        return !names().isEmpty();
    }

    /** Whether an event may have made room on a queue that has limits. Never blocks. */
    public boolean frees(Event event) {
        return names.contains(event.queue()) && ENDS.contains(event.name());
    }

    /**
     * Starts waiting jobs of queues that have limits under a process's lease.
     *
     * @param after the queue that was served last
     * @param perQueue how many of one queue at most
     * @return in the order in which they are to run
     */
    public List<LeasedJob> claim(
            long processId, String worker, Collection<String> types, String after, int perQueue, int limit) {
        List<LeasedJob> started = new ArrayList<>(transactions.run(
                handle -> LimitedClaims.claim(handle, processId, worker, types, after, perQueue, limit)));
        started.sort(LeasedJob.RUN_ORDER);
        started.forEach(announcer.observer()::started);
        announcer.publishStarted(started.stream().map(LeasedJob::job).toList(), worker);
        return started;
    }

    /**
     * How long until another look may find room for jobs of these types that wait; a second at most.
     *
     * @return empty if none waits for room
     */
    public Optional<Duration> untilRoom(Collection<String> types) {
        return atLeastSoon(transactions.read(handle -> LimitedClaims.untilRoom(handle, null, types)));
    }

    /** As {@link #untilRoom(Collection)}, of one queue; no types are all of them. Empty also if the queue has no limits. */
    Optional<Duration> untilRoom(String queue, Collection<String> types) {
        return has(queue)
                ? atLeastSoon(transactions.read(handle -> LimitedClaims.untilRoom(handle, queue, types)))
                : Optional.empty();
    }

    boolean has(String queue) {
        return names().contains(queue);
    }

    /** Starts jobs of a queue that has limits under leases of their own; the caller tells of it. */
    List<RemoteLease> lease(String queue, String worker, int limit, Duration lease, Collection<String> types) {
        return transactions.run(handle -> LimitedClaims.lease(handle, queue, worker, limit, lease, types));
    }

    /** Forgets starts that no limit counts any more. */
    public void forgetOld() {
        transactions.statement(LimitedClaims::forgetOld);
    }

    private Set<String> names() {
        if (nanoTime.getAsLong() - readAt >= REFRESH.toNanos()) {
            long now = nanoTime.getAsLong();
            names = Set.copyOf(transactions.read(LimitedClaims::names));
            readAt = now;
        }
        return names;
    }

    private static Optional<Duration> atLeastSoon(Optional<Duration> until) {
        return until.map(time -> time.compareTo(SOON) < 0 ? SOON : time);
    }
}
