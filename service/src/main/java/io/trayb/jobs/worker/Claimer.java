package io.trayb.jobs.worker;

import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.jobs.queue.LimitedStarts;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Looks for work and starts it.
 *
 * <p>Owns the thread {@code trayb-claimer}: woken when a job became ready, when there is room for jobs that it had to leave, and
 * when the process got its lease; without that it looks after a pause between {@code jobs.pollMin} and {@code jobs.pollMax}, which doubles (with
 * jitter) as long as it finds nothing. Stops claiming the moment it is told to.
 */
final class Claimer {
    private static final double JITTER = 0.5;
    /** What a look that doesn't come back for so long means: the loop is stuck. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(30);

    /** A statement of this many rows takes some 10 ms; larger ones gain nothing. */
    private static final int MAX_CLAIM = 500;
    /** From one claim to the next, while there is more than one job in each. */
    private static final Duration GATHER = Duration.ofMillis(5);

    private final JobLeases leases;
    private final LimitedStarts limited;
    private final ProcessLease lease;
    private final String worker;
    private final Set<String> types;
    private final IntSupplier room;
    private final Lock claiming;
    private final Consumer<LeasedJob> starter;
    private final Runnable onDoubt;
    private final WorkerObserver observer;
    private final Duration pollMin;
    private final Duration pollMax;
    private final DoubleSupplier random;
    private final LongSupplier nanoTime;
    private final Loop loop = new Loop("claimer", this::look);

    private final QueueRound queues = new QueueRound();
    private final QueueRound limitedQueues = new QueueRound();

    private Duration pause;
    /** Whose round it is: the queues with limits or those without. The others get what it leaves. */
    private boolean limitedFirst;

    /** Whether the last look may have left jobs behind that wait for room here. */
    private volatile boolean leftSome = true;

    private int lastStarted;
    private volatile long lookedAt;

    /**
     * @param room how many jobs may be claimed now
     * @param claiming is held by a claim until all that it started was given to {@code starter}
     * @param onDoubt called when a claim failed: what it may have started was not given to {@code starter}, or was not taken
     */
    Claimer(
            JobLeases leases,
            LimitedStarts limited,
            ProcessLease lease,
            String worker,
            Set<String> types,
            IntSupplier room,
            Lock claiming,
            Consumer<LeasedJob> starter,
            Runnable onDoubt,
            WorkerObserver observer,
            JobsConfiguration configuration,
            DoubleSupplier random,
            LongSupplier nanoTime) {
        this.leases = leases;
        this.limited = limited;
        this.lease = lease;
        this.worker = worker;
        this.types = types;
        this.room = room;
        this.claiming = claiming;
        this.starter = starter;
        this.onDoubt = onDoubt;
        this.observer = observer;
        this.pollMin = configuration.pollMin().toJavaDuration();
        this.pollMax = configuration.pollMax().toJavaDuration();
        this.pause = pollMin;
        this.random = random;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
    }

    void start() {
        loop.start();
    }

    void wake() {
        loop.wake();
    }

    /** There is room again: wakes, if the last look didn't take all that it found. */
    void roomIsFree() {
        if (leftSome) {
            loop.wake();
        }
    }

    /** No more claims after the one that may be under way. Never blocks. */
    void endAfterLook() {
        loop.endAfterRound();
    }

    void stop() throws InterruptedException {
        loop.stop(STUCK_AFTER);
    }

    /** Whether the loop comes round. */
    boolean isAlive() {
        return loop.isAlive() && nanoTime.getAsLong() - lookedAt < STUCK_AFTER.toNanos();
    }

    private Duration look() throws InterruptedException {
        letSomeGather();
        lookedAt = nanoTime.getAsLong();
        while (lease.isHeld() && loop.isAlive()) {
            // Before the room is measured: what becomes free after that wakes us.
            leftSome = true;
            int free = Math.min(MAX_CLAIM, room.getAsInt());
            if (free == 0) {
                return pollMax;
            }
            leftSome = false;
            List<LeasedJob> started = claim(free);
            lastStarted = started.size();
            lookedAt = nanoTime.getAsLong();
            if (!started.isEmpty()) {
                pause = pollMin;
            }
            if (started.size() < free && !leftSome) {
                break;
            }
        }
        return untilNextLook();
    }

    /** When jobs come one after the other, a claim for each would cost more than they do. A lone one doesn't wait. */
    private void letSomeGather() throws InterruptedException {
        long since = nanoTime.getAsLong() - lookedAt;
        if (lastStarted > 1 && since < GATHER.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(GATHER.toNanos() - since);
        }
    }

    /** Under the lock until all of it is known to run here: see {@link JobWorker}'s check of leases. */
    private List<LeasedJob> claim(int free) {
        List<LeasedJob> started = new ArrayList<>();
        boolean sure = false;
        claiming.lock();
        try {
            boolean anyLimited = limited.areThere();
            boolean limitedGoFirst = limitedFirst && anyLimited;
            if (limitedGoFirst) {
                claimLimited(free, started);
            }
            if (started.size() < free) {
                claimUnlimited(free, started);
            }
            if (anyLimited && !limitedGoFirst && started.size() < free) {
                claimLimited(free, started);
            }
            sure = true;
            return started;
        } finally {
            if (!sure) {
                onDoubt.run();
            }
            claiming.unlock();
        }
    }

    private void claimUnlimited(int free, List<LeasedJob> started) {
        int left = free - started.size();
        int perQueue = queues.perQueue(left);
        long began = nanoTime.getAsLong();
        List<LeasedJob> claimed = leases.claim(lease.processId(), worker, types, queues.servedLast(), perQueue, left);
        start(claimed, started);
        observer.claimed(claimed.size(), nanoTime.getAsLong() - began);
        leftSome = claimed.size() == left || QueueRound.mostOfOne(claimed) == perQueue;
        limitedFirst = queues.served(claimed) || limitedFirst;
    }

    private void claimLimited(int free, List<LeasedJob> started) {
        int left = free - started.size();
        long began = nanoTime.getAsLong();
        List<LeasedJob> claimed = limited.claim(
                lease.processId(), worker, types, limitedQueues.servedLast(), limitedQueues.perQueue(left), left);
        start(claimed, started);
        observer.claimed(claimed.size(), nanoTime.getAsLong() - began);
        limitedFirst = !limitedQueues.served(claimed) && limitedFirst;
    }

    private void start(List<LeasedJob> claimed, List<LeasedJob> started) {
        started.addAll(claimed);
        claimed.forEach(starter);
    }

    /** No longer than until there is room again on a queue with limits, as far as that can be told. */
    private Duration untilNextLook() {
        Duration next = nextPause();
        if (!limited.areThere()) {
            return next;
        }
        return limited.untilRoom(types).filter(room -> room.compareTo(next) < 0).orElse(next);
    }

    private Duration nextPause() {
        Duration current = pause;
        pause = pause.multipliedBy(2).compareTo(pollMax) > 0 ? pollMax : pause.multipliedBy(2);
        return Duration.ofNanos(Math.round(current.toNanos() * (1 - JITTER * random.getAsDouble())));
    }
}
