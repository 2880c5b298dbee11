package io.trayb.jobs.worker;

import io.dropwizard.lifecycle.Managed;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's lease: the row under which it holds all its jobs.
 *
 * <p>Owns the thread {@code trayb-lease}, which registers the process and then beats every {@code jobs.beat}; while the
 * database is away it goes on trying. A process that was frozen for longer than its lease finds it gone at its next beat: it
 * lets go of everything it runs and registers anew. Every process has one, whether it runs jobs or not: its end is also how the
 * others learn that its last events may be missing. State is read by other threads: all of it is volatile.
 */
public final class ProcessLease implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProcessLease.class);
    private static final long NONE = 0;

    private final JobLeases leases;
    private final String name;
    private final boolean works;
    private final Set<String> types;
    private final Duration lease;
    private final Duration beat;
    private final List<Runnable> onLost = new CopyOnWriteArrayList<>();
    private final List<Runnable> onHeld = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;
    private final Loop loop = new Loop("lease", this::beatOnce);

    private volatile boolean leftToOthers;
    private volatile long processId = NONE;
    private volatile long lastBeat;
    /** Since when beats have come through without a gap. */
    private volatile long steadySince;
    /** Whether a beat has failed since the last one that came through. */
    private boolean missed;

    /**
     * @param name how this process is called in the process table, for people
     * @param types the job types that this process runs; none if it runs no jobs
     * @param nanoTime a monotonic clock
     */
    public ProcessLease(
            JobLeases leases, String name, JobsConfiguration configuration, Set<String> types, LongSupplier nanoTime) {
        this.leases = leases;
        this.name = name;
        this.works = configuration.runsJobs();
        this.types = Set.copyOf(types);
        this.lease = configuration.lease().toJavaDuration();
        this.beat = configuration.beat().toJavaDuration();
        this.nanoTime = nanoTime;
    }

    /** Registers what ends all that runs under the lease, called when the lease was judged. Before the start. */
    void whenLost(Runnable listener) {
        onLost.add(listener);
    }

    /** Registers somebody to be told that there is a lease to start jobs under. Before the start. */
    void whenHeld(Runnable listener) {
        onHeld.add(listener);
    }

    @Override
    public void start() {
        loop.start();
    }

    /**
     * How many processes of the service use the database now, this one among them; asks the database. 0 as long as this process isn't
     * registered: it would be missing in the number.
     */
    public int processes() {
        return isHeld() ? leases.processes() : 0;
    }

    /** Whether the thread that keeps the lease runs; not whether there is one. */
    public boolean isAlive() {
        return loop.isAlive();
    }

    /** Whether jobs may be started: the last beat came through and is younger than the lease. */
    boolean isHeld() {
        return processId != NONE && nanoTime.getAsLong() - lastBeat < lease.toNanos();
    }

    /** The id under which this process holds jobs. Only meaningful while {@link #isHeld()}. */
    long processId() {
        return processId;
    }

    /**
     * Whether this process has been in touch with the database for a whole lease without a gap, so that every other live
     * process has had time to beat as well. Nobody else is judged before: an outage isn't a crash.
     */
    public boolean maySeeOthersDead() {
        return inTouch().compareTo(lease) >= 0;
    }

    /** For how long this process has been in touch with the database without a gap; zero if it isn't, or if its beat is late. */
    Duration inTouch() {
        long now = nanoTime.getAsLong();
        return isHeld() && !isGap(now - lastBeat) ? Duration.ofNanos(now - steadySince) : Duration.ZERO;
    }

    /** Whether there was time between two beats for an outage that others felt. */
    private boolean isGap(long nanos) {
        return nanos > beat.toNanos() * 3 / 2;
    }

    /**
     * Makes {@link #stop()} leave the lease to run out, as that of a process that died: another process, or this one after a
     * restart, then finds it dead and tells everybody that events may be missing. For who has events that it couldn't publish.
     */
    public void keepForOthersToTell() {
        leftToOthers = true;
    }

    /** Stops beating and gives the lease up; the jobs must have been given back, and the events published. */
    @Override
    public void stop() throws InterruptedException {
        loop.stop(beat);
        long held = processId;
        processId = NONE;
        if (held == NONE) {
            return;
        }
        if (leftToOthers) {
            LOGGER.warn(
                    "Process {} doesn't sign off, since events of it are missing in the log; when its lease ends, in {} s, another"
                            + " process tells so",
                    held,
                    lease.toSeconds());
            return;
        }
        try {
            if (!leases.leave(held)) {
                LOGGER.warn(
                        "Process {} still holds jobs whose outcomes could not be written; others get them when its lease ends, in {} s",
                        held,
                        lease.toSeconds());
            }
        } catch (JdbiException e) {
            LOGGER.warn("Process {} could not sign off; its lease ends by itself in {} s", held, lease.toSeconds());
        }
    }

    private Duration beatOnce() {
        if (processId == NONE) {
            long registered = leases.register(name, works, types, lease);
            steadySince = nanoTime.getAsLong();
            lastBeat = steadySince;
            processId = registered;
            LOGGER.info("Registered as process {} ({})", registered, name);
            onHeld.forEach(Runnable::run);
            return beat;
        }
        if (!beatCame()) {
            LOGGER.warn("The lease of process {} is over: what it ran goes to others", processId);
            processId = NONE;
            onLost.forEach(Runnable::run);
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        if (missed || isGap(now - lastBeat)) {
            steadySince = now;
        }
        missed = false;
        lastBeat = now;
        return beat;
    }

    private boolean beatCame() {
        boolean answered = false;
        try {
            boolean held = leases.beat(processId, lease);
            answered = true;
            return held;
        } finally {
            missed |= !answered;
        }
    }
}
