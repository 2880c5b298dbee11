package io.trayb.jobs.worker;

import io.dropwizard.lifecycle.Managed;
import io.trayb.events.Event;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Finish;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.jobs.queue.LimitedStarts;
import io.trayb.threads.DaemonThreads;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs in this process: claims, runs, writes outcomes, keeps the lease, and lets go in good order.
 *
 * <p>Short jobs are claimed ahead of a free thread, see {@link ClaimAhead}; those that wait for one for longer than
 * {@link #MAX_WAIT} are given back, uncounted.
 *
 * <p>Owns the threads {@code trayb-job-N} and {@code trayb-job-timer} (time-outs and progress); its parts own the others. {@link #stop()} ends all of
 * them: no new starts at once, then {@code jobs.shutdownGrace} for what runs, then what is left is interrupted and given back.
 */
public final class JobWorker implements Managed, Execution.Surroundings {
    private static final Logger LOGGER = LoggerFactory.getLogger(JobWorker.class);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);
    /** How long after a claim that failed it may still be committed, generously. */
    private static final Duration DOUBT = Duration.ofMinutes(1);
    /** Without a doubt it is looked so seldom, since that reads whatever this process has run and can't be cleaned away yet. */
    private static final Duration LOOK_WITHOUT_DOUBT = Duration.ofSeconds(5);

    private static final Duration WRITE_LAST = Duration.ofSeconds(5);
    /** Enough for 20,000 jobs a second at the 50 ms that a claim and a commit take when the machine is full. */
    private static final int MAX_AHEAD = 1000;
    /** How long a job that was claimed ahead waits for a thread before it is given back; up to twice that, as it is looked so often. */
    private static final Duration MAX_WAIT = Duration.ofMillis(250);

    private final JobLeases leases;
    private final JobHandlers handlers;
    private final JobsConfiguration configuration;
    private final WorkerObserver observer;
    private final ProcessLease lease;
    private final Backoff backoff;
    private final ClaimAhead ahead;
    /** Held by a claim until all that it started is in {@link #running}. */
    private final Lock claiming = new ReentrantLock();

    private final RunningJobs running = new RunningJobs();
    /** Whether somebody looks after the jobs that wait for a thread. */
    private final AtomicBoolean watching = new AtomicBoolean();

    private final ScheduledThreadPoolExecutor timer;
    private final JobThreads threads;
    private final ProgressReports progressReports;
    private final OutcomeWriter outcomes;
    private final Claimer claimer;
    private volatile boolean claimingStopped;
    /** Used by the thread that stops this process. */
    private boolean letGo;
    /** Until when it is looked at each check whether this process holds what it doesn't know of. */
    private volatile long doubtedUntil = System.nanoTime();

    private long lookedForUnknown = System.nanoTime();
    private final Loop leaseCheck = new Loop("lease-check", this::checkLeases);
    private final Loop floors = new Loop("scan-floors", this::lookForFloors);

    /**
     * @param lease what this process holds its jobs under; started before the worker and stopped after it
     * @param name how this process is called in {@code worker} fields
     * @param random uniform over [0, 1), for jitter
     */
    public JobWorker(
            JobLeases leases,
            LimitedStarts limited,
            JobHandlers handlers,
            JobsConfiguration configuration,
            ProcessLease lease,
            String name,
            WorkerObserver observer,
            DoubleSupplier random) {
        this(
                leases,
                limited,
                handlers,
                configuration,
                lease,
                name,
                observer,
                random,
                DaemonThreads.numbered("trayb-job"));
    }

    /** @param jobThreads makes the threads that jobs run on */
    JobWorker(
            JobLeases leases,
            LimitedStarts limited,
            JobHandlers handlers,
            JobsConfiguration configuration,
            ProcessLease lease,
            String name,
            WorkerObserver observer,
            DoubleSupplier random,
            ThreadFactory jobThreads) {
        this.leases = leases;
        this.handlers = handlers;
        this.configuration = configuration;
        this.lease = lease;
        this.observer = observer;
        this.backoff = Backoff.standard(random);
        this.ahead = new ClaimAhead(configuration.slots(), MAX_AHEAD);
        this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.numbered("trayb-job-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.threads = new JobThreads(configuration.slots(), jobThreads);
        this.progressReports = new ProgressReports(leases, timer, System::nanoTime);
        this.outcomes = new OutcomeWriter(leases);
        this.claimer = new Claimer(
                leases,
                limited,
                lease,
                name,
                handlers.types(),
                this::room,
                claiming,
                this::startJob,
                this::doubtWhatIsHeld,
                observer,
                configuration,
                random,
                System::nanoTime);
        lease.whenHeld(this::wake);
        lease.whenLost(this::revokeAll);
    }

    /** Hears of changes on any node: something to start, or something that runs here and was cancelled. Never blocks. */
    public void onEvent(Event event) {
        switch (event.name()) {
            case "job.waiting" -> wake();
            case "job.cancelled" -> running.revokeJob(UUID.fromString(event.jobId()));
            default -> {
                // Nothing to do with running jobs here.
            }
        }
    }

    /**
     * Whether every thread that this process's jobs need does its part: the claimer (until {@link #stopClaiming()}), the writer
     * of outcomes, the keeper of the lease and the check on leases. What the readiness of the queue depends on.
     */
    public boolean isAlive() {
        return (claimingStopped || claimer.isAlive()) && outcomes.isAlive() && lease.isAlive() && leaseCheck.isAlive();
    }

    /** Starts no more jobs after those of a claim that may be under way; what runs goes on. For good; never blocks. */
    public void stopClaiming() {
        claimingStopped = true;
        claimer.endAfterLook();
    }

    @Override
    public void start() {
        outcomes.start();
        claimer.start();
        leaseCheck.start();
        floors.start();
        LOGGER.info("Runs {} jobs at once of the types {}", configuration.slots(), handlers.types());
    }

    /**
     * Starts no more jobs, gives those that run {@code jobs.shutdownGrace} to end, and gives back what is left. To be called before
     * the ports are closed: what runs may call this very service, and whoever watches it should see it to its end. Once it is done,
     * it does nothing.
     *
     * @throws InterruptedException when whoever stops the process is in a hurry
     */
    public void letGo() throws InterruptedException {
        if (letGo) {
            return;
        }
        stopClaiming();
        claimer.stop();
        threads.takeWaiting().forEach(Execution::giveBackUnstarted);
        if (!running.awaitEmpty(configuration.shutdownGrace().toJavaDuration())) {
            List<Execution> left = running.all();
            LOGGER.info("{} jobs are still running after the grace time and are given back", left.size());
            left.forEach(Execution::giveBack);
            running.awaitEmpty(WRITE_LAST);
        }
        letGo = true;
    }

    @Override
    public void stop() throws InterruptedException {
        letGo();
        leaseCheck.stop(CHECK_EVERY);
        floors.stop(CHECK_EVERY);
        outcomes.stop(WRITE_LAST);
        timer.shutdownNow();
        threads.shutdownNow();
    }

    /** There may be something to start. Never blocks. */
    public void wake() {
        claimer.wake();
    }

    private void startJob(LeasedJob leased) {
        Execution execution = new Execution(
                leased, handlers, backoff, timer, configuration.abandonAfter().toJavaDuration(), this);
        running.add(execution);
        boolean taken = false;
        try {
            threads.execute(execution);
            taken = true;
        } finally {
            if (!taken) {
                // No thread could be made for it. What isn't known to run here is given back at the next check of
                // leases.
                running.remove(execution);
            }
        }
        observer.slots(busy(), configuration.slots());
        watchWaiting();
    }

    private void revokeAll() {
        running.all().forEach(Execution::revoke);
    }

    /**
     * How many jobs may be claimed now. Short jobs are claimed anew when half of those that were claimed ahead have begun and a
     * quarter is written, so that claims are few and large.
     */
    private int room() {
        int allowed = ahead.jobs();
        int free = configuration.slots() + allowed - running.size();
        boolean worthAClaim = threads.waiting() <= allowed / 2 && free > allowed / 4;
        return worthAClaim ? free : 0;
    }

    /** Claimed jobs that no thread is free for: what was short has become long. Others may have a thread for them. */
    private void reconsiderWaiting() {
        Execution longest = threads.longestWaiting();
        if (longest == null) {
            watching.set(false);
            watchWaiting();
            return;
        }
        if (longest.heldForNanos() > MAX_WAIT.toNanos()) {
            ahead.stuck();
            List<Execution> unstarted = threads.takeWaiting();
            LOGGER.debug("{} jobs were claimed ahead of long ones, and are given back", unstarted.size());
            unstarted.forEach(Execution::giveBackUnstarted);
        }
        scheduleReconsideration();
    }

    private void watchWaiting() {
        if (threads.waiting() > 0 && watching.compareAndSet(false, true)) {
            scheduleReconsideration();
        }
    }

    private void scheduleReconsideration() {
        var unused = timer.schedule(this::reconsiderWaiting, MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * What no event told, since Redis was away: leases that are gone. And what no answer told: leases that are held and not
     * known of. Also keeps how far the jobs are.
     */
    private Duration checkLeases() {
        if (lease.isHeld()) {
            observer.beat();
        }
        observer.slots(busy(), configuration.slots());
        if (mayHoldUnknown()) {
            giveBackUnknown();
            lookedForUnknown = System.nanoTime();
        }
        List<Execution> held = running.all();
        if (!held.isEmpty()) {
            running.revoke(leases.lostLeases(held.stream().map(Execution::lease).toList()));
            keepProgress(held);
        }
        return CHECK_EVERY;
    }

    private void doubtWhatIsHeld() {
        doubtedUntil = System.nanoTime() + DOUBT.toNanos();
    }

    private boolean mayHoldUnknown() {
        long now = System.nanoTime();
        return now - doubtedUntil < 0 || now - lookedForUnknown >= LOOK_WITHOUT_DOUBT.toNanos();
    }

    /** On a thread of its own, since it takes long when much is dead, and nobody should wait for it. */
    private Duration lookForFloors() {
        return leases.lookForFloors(handlers.types());
    }

    private void giveBackUnknown() {
        claiming.lock();
        try {
            if (lease.isHeld()) {
                List<Long> known = running.all().stream()
                        .map(execution -> execution.lease().leaseId())
                        .toList();
                int unknown = leases.giveBackUnknown(lease.processId(), known);
                if (unknown > 0) {
                    LOGGER.warn("{} jobs were started here without our knowing, and are given back", unknown);
                }
            }
        } finally {
            claiming.unlock();
        }
    }

    private void keepProgress(List<Execution> held) {
        List<LeasedJob> reporting = new ArrayList<>();
        List<Integer> progresses = new ArrayList<>();
        for (Execution execution : held) {
            Integer progress = execution.unkeptProgress();
            if (progress != null) {
                reporting.add(execution.lease());
                progresses.add(progress);
            }
        }
        if (!reporting.isEmpty()) {
            leases.keepProgress(reporting, progresses);
        }
    }

    private int busy() {
        return Math.min(configuration.slots(), running.size());
    }

    @Override
    public void settled(Execution execution, Finish finish) {
        try {
            progressReports.end(execution);
        } finally {
            outcomes.write(execution, finish);
        }
    }

    @Override
    public void progressed(Execution execution, int percent, @Nullable String message) {
        progressReports.report(execution, percent, message);
    }

    @Override
    public void released(Execution execution) {
        progressReports.end(execution);
        running.remove(execution);
        observer.slots(busy(), configuration.slots());
        claimer.roomIsFree();
    }

    @Override
    public void ran(long nanos) {
        ahead.ran(nanos);
    }

    @Override
    public void abandoned(Execution execution) {
        threads.oneGivenUp();
        observer.handlerAbandoned();
    }

    @Override
    public void cameBack() {
        threads.oneCameBack();
    }
}
