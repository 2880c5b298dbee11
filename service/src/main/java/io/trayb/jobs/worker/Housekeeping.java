package io.trayb.jobs.worker;

import io.dropwizard.lifecycle.Managed;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.queue.LimitedStarts;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.jobs.store.Processes;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every node does for all: makes due jobs ready, frees the jobs of dead processes, and forgets old idempotency keys
 * and the starts that no limit counts any more.
 *
 * <p>Owns the threads {@code trayb-due} (woken when the next job is due, at the latest every half second, so that what another
 * node delays is not late by more), {@code trayb-reaper} (every second) and {@code trayb-forgetter} (every minute).
 */
public final class Housekeeping implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration LEAST = Duration.ofMillis(20);
    private static final Duration LOOK_FOR_DUE = Duration.ofMillis(500);
    private static final Duration LOOK_FOR_DEAD = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_OLD = Duration.ofMinutes(1);
    private static final int DUE_BATCH = 500;
    private static final int OLD_BATCH = 1_000;

    private final JobQueue queue;
    private final JobLeases leases;
    private final RemoteWorkers workers;
    private final LimitedStarts limited;
    private final JobsConfiguration configuration;
    private final ProcessLease lease;
    private final Runnable onDeadProcess;
    private final Loop due = new Loop("due", this::promote);
    private final Loop reaper = new Loop("reaper", this::reap);
    private final Loop forgetter = new Loop("forgetter", this::forget);

    /**
     * @param lease says whether this process has been in touch with the database long enough to call others dead
     * @param onDeadProcess called after a process was found dead: events that it hadn't published are lost
     */
    public Housekeeping(
            JobQueue queue,
            JobLeases leases,
            RemoteWorkers workers,
            LimitedStarts limited,
            JobsConfiguration configuration,
            ProcessLease lease,
            Runnable onDeadProcess) {
        this.queue = queue;
        this.leases = leases;
        this.workers = workers;
        this.limited = limited;
        this.configuration = configuration;
        this.lease = lease;
        this.onDeadProcess = onDeadProcess;
    }

    @Override
    public void start() {
        due.start();
        reaper.start();
        forgetter.start();
    }

    @Override
    public void stop() throws InterruptedException {
        due.stop(LOOK_FOR_DUE);
        reaper.stop(LOOK_FOR_DEAD);
        forgetter.stop(LOOK_FOR_DEAD);
    }

    private Duration promote() {
        if (leases.promoteDue(DUE_BATCH) == DUE_BATCH) {
            return Duration.ZERO;
        }
        return untilNextLook(leases.untilNextDue());
    }

    /** What is due and wasn't promoted is in the hands of another process at the moment: no reason to look without a pause. */
    static Duration untilNextLook(Optional<Duration> untilNextDue) {
        Duration next = untilNextDue.orElse(LOOK_FOR_DUE);
        return next.compareTo(LEAST) < 0 ? LEAST : next.compareTo(LOOK_FOR_DUE) < 0 ? next : LOOK_FOR_DUE;
    }

    private Duration forget() {
        limited.forgetOld();
        workers.forgetAskedTypes();
        return queue.forgetOldIdempotencyKeys(OLD_BATCH) == OLD_BATCH ? Duration.ZERO : LOOK_FOR_OLD;
    }

    private Duration reap() {
        try {
            reapProcesses();
        } finally {
            workers.reap(configuration.maxStalls(), lease.inTouch());
            workers.timeOut();
        }
        return LOOK_FOR_DEAD;
    }

    private void reapProcesses() {
        if (lease.maySeeOthersDead()) {
            Processes.Reaped reaped = leases.reap(configuration.lease().toJavaDuration(), configuration.maxStalls());
            if (reaped.processes() > 0) {
                LOGGER.warn(
                        "{} dead processes: {} jobs wait again, {} failed as they had lost their lease too often",
                        reaped.processes(),
                        reaped.waiting().size(),
                        reaped.failed().size());
                onDeadProcess.run();
            }
        }
    }
}
