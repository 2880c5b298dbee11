package io.trayb.jobs.queue;

import io.trayb.database.Transactions;
import io.trayb.events.Event;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.queue.JobEvents.Reason;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.DueJobs;
import io.trayb.jobs.store.Outcomes;
import io.trayb.jobs.store.Processes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The queue from the side of those who work it off: leases, outcomes, and what becomes due or is left behind. Each method is
 * one transition: durable when it returns, then told as events.
 *
 * <p>Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} when the database is out of reach; what was
 * asked is then done whole or not at all, and which can be read once it is back.
 */
public final class JobLeases {
    @FunctionalInterface
    private interface Write {
        List<Job> run(Handle handle, List<Finish> finishes);
    }

    private static final Comparator<Finish> BY_ID =
            Comparator.comparing(finish -> finish.lease().job().id());

    private final Transactions transactions;
    private final Announcer announcer;
    private final InstantSource clock;
    private final ScanFloors floors;

    /** @param clock for the time of progress and wait events alone; everything else is timed by the database */
    public JobLeases(Transactions transactions, Announcer announcer, InstantSource clock) {
        this(transactions, announcer, clock, new ScanFloors(transactions, System::nanoTime));
    }

    JobLeases(Transactions transactions, Announcer announcer, InstantSource clock, ScanFloors floors) {
        this.transactions = transactions;
        this.announcer = announcer;
        this.clock = clock;
        this.floors = floors;
    }

    /**
     * Starts waiting jobs under a process's lease.
     *
     * @param after the queue that was served last
     * @param perQueue how many of one queue at most
     * @return in the order in which they are to run
     */
    public List<LeasedJob> claim(
            long processId, String worker, Collection<String> types, String after, int perQueue, int limit) {
        ScanFloors.Start began = floors.start();
        List<LeasedJob> started = new ArrayList<>(transactions.statement(
                handle -> Claims.claim(handle, processId, worker, types, began.floors(), after, perQueue, limit)));
        floors.claimed(began, started);
        started.sort(LeasedJob.RUN_ORDER);
        started.forEach(announcer.observer()::started);
        announcer.publishStarted(started.stream().map(LeasedJob::job).toList(), worker);
        return started;
    }

    /** How many processes of the service, this one among them once it is registered, use the database now. */
    public int processes() {
        return transactions.read(Processes::count);
    }

    /**
     * Looks where claims of these types had better begin, and whether something has come in before that. To be called by one
     * thread, again and again.
     *
     * @return how long until the next call
     */
    public Duration lookForFloors(Collection<String> types) {
        return floors.look(types);
    }

    /** The lease ids among these that are no longer current: cancelled, or judged lost. */
    public List<Long> lostLeases(Collection<LeasedJob> held) {
        return transactions.read(handle -> Claims.lost(handle, held));
    }

    /**
     * Writes how starts ended. An outcome whose lease is no longer current is discarded.
     *
     * @param finishes at most one for each lease
     * @return the jobs whose outcome was written, as they are now
     */
    public List<Job> finish(List<Finish> finishes) {
        Set<UUID> seen = new HashSet<>();
        Map<Boolean, List<Finish>> parted = finishes.stream()
                .collect(Collectors.partitioningBy(
                        finish -> seen.add(finish.lease().job().id())));
        List<Job> finished = new ArrayList<>(finishEach(parted.getOrDefault(true, List.of())));
        List<Finish> again = parted.getOrDefault(false, List.of());
        if (!again.isEmpty()) {
            // Of two leases of one job in one batch, at most one is still good; one after the other, it is clear which.
            finished.addAll(finish(again));
        }
        return finished;
    }

    private List<Job> finishEach(List<Finish> finishes) {
        Map<JobState, List<Finish>> byState = new EnumMap<>(JobState.class);
        finishes.stream()
                .sorted(BY_ID)
                .forEach(finish -> byState.computeIfAbsent(kind(finish), state -> new ArrayList<>())
                        .add(finish));
        Map<UUID, Job> written = new HashMap<>();
        announcer.observer().writing(finishes.size());
        if (byState.size() == 1) {
            transactions.statement(handle -> write(handle, byState, written));
        } else {
            transactions.run(handle -> write(handle, byState, written));
        }
        return tell(finishes, written);
    }

    /** May be run again: what an earlier run put into {@code written} is overwritten. */
    private static int write(Handle handle, Map<JobState, List<Finish>> byState, Map<UUID, Job> written) {
        written.clear();
        byState.forEach(
                (state, finishes) -> writing(state).run(handle, finishes).forEach(job -> written.put(job.id(), job)));
        return written.size();
    }

    private static Write writing(JobState state) {
        return switch (state) {
            case COMPLETED -> Outcomes::complete;
            case FAILED -> Outcomes::fail;
            case DELAYED -> Outcomes::retry;
            case WAITING -> Outcomes::giveBack;
            default -> throw new IllegalArgumentException("no outcome makes a job " + state);
        };
    }

    private List<Job> tell(List<Finish> finishes, Map<UUID, Job> written) {
        List<Job> jobs = new ArrayList<>(written.size());
        List<Event> told = new ArrayList<>(written.size());
        for (Finish finish : finishes) {
            Job job = written.get(finish.lease().job().id());
            if (job == null) {
                announcer.observer().leaseConflict(finish.lease().job());
            } else {
                jobs.add(job);
                told.add(tell(finish, job));
            }
        }
        List<Job> returned =
                jobs.stream().filter(job -> job.state() == JobState.WAITING).toList();
        floors.returned(returned);
        announcer.publish(told);
        announcer.wake(returned);
        return jobs;
    }

    /** Counts an outcome that was written, and makes its event. */
    private Event tell(Finish finish, Job job) {
        JobError error = job.error();
        Instant failedAt = error == null ? clock.instant() : error.at();
        switch (job.state()) {
            case COMPLETED -> announcer.observer().completed(job, JobEvents.durationMs(job));
            case FAILED -> {
                announcer.observer().attemptFailed(job, timedOut(finish));
                announcer.observer().failed(job);
            }
            case DELAYED -> announcer.observer().attemptFailed(job, timedOut(finish));
            default -> {
                // Given back: nothing that is counted.
            }
        }
        return switch (job.state()) {
            case DELAYED -> JobEvents.queued(job, Reason.RETRY, failedAt);
            case WAITING -> JobEvents.queued(job, Reason.RETURNED, clock.instant());
            default -> JobEvents.finished(job);
        };
    }

    /**
     * Gives back what a process holds and doesn't know of, since the answer to a claim was lost after its commit. No claim of
     * that process may be under way.
     *
     * @param known the leases that it knows of
     * @return how many
     */
    public int giveBackUnknown(long processId, Collection<Long> known) {
        List<Job> back = transactions.statement(handle -> Claims.giveBackUnknown(handle, processId, known));
        if (!back.isEmpty()) {
            floors.returned(back);
            announcer.publish(back.stream()
                    .map(job -> JobEvents.queued(job, Reason.RETURNED, clock.instant()))
                    .toList());
            announcer.wake(back);
        }
        return back.size();
    }

    /** Publishes how far a job is. Keeps nothing: see {@link #keepProgress}. */
    public void tellProgress(Job job, @Nullable Integer progress, @Nullable String log) {
        announcer.publish(List.of(JobEvents.progress(job, progress, log, clock.instant())));
    }

    /** Keeps how far jobs are, for those who ask later. Leases that are no longer current are left out. */
    public void keepProgress(List<LeasedJob> leases, List<Integer> progresses) {
        transactions.statement(handle -> {
            Claims.keepProgress(handle, leases, progresses);
            return leases.size();
        });
    }

    /** Makes due jobs ready; returns how many there were. */
    public int promoteDue(int limit) {
        List<Job> due = transactions.statement(handle -> DueJobs.promote(handle, limit));
        if (!due.isEmpty()) {
            floors.returned(due);
            announcer.publish(due.stream()
                    .map(job -> JobEvents.queued(job, Reason.DUE, clock.instant()))
                    .toList());
            announcer.wake(due);
        }
        return due.size();
    }

    /** How long until the next delayed job is due; empty if none is delayed. */
    public Optional<Duration> untilNextDue() {
        return transactions.read(DueJobs::untilNext);
    }

    /**
     * Registers a process; the id is what it holds jobs under.
     *
     * @param works whether it runs jobs
     * @param types the types that it knows
     */
    public long register(String name, boolean works, Collection<String> types, Duration lease) {
        return transactions.statement(handle -> Processes.register(handle, name, works, types, lease));
    }

    /** Extends a process's lease; false if it is over and the process must register anew. */
    public boolean beat(long processId, Duration lease) {
        return transactions.statement(handle -> Processes.beat(handle, processId, lease));
    }

    /** Ends a process's lease in good order; false if it still holds jobs: these are freed when the lease has run out. */
    public boolean leave(long processId) {
        return transactions.run(handle -> Processes.leave(handle, processId));
    }

    /**
     * Declares processes dead whose lease ran out, and frees their jobs.
     *
     * @param maxStalls the loss of a lease that fails a job
     */
    public Processes.Reaped reap(Duration lease, int maxStalls) {
        Processes.Reaped reaped = transactions.run(handle -> Processes.reap(handle, lease, maxStalls));
        if (reaped.processes() > 0) {
            announcer.observer().reaped(reaped);
            List<Event> told = new ArrayList<>();
            for (Job job : reaped.failed()) {
                announcer.observer().failed(job);
                told.add(JobEvents.finished(job));
            }
            for (Job job : reaped.waiting()) {
                told.add(JobEvents.queued(job, Reason.LEASE_LOST, clock.instant()));
            }
            announcer.publish(told);
            announcer.wake(reaped.waiting());
        }
        return reaped;
    }

    /** The state that an outcome leads to. */
    private static JobState kind(Finish finish) {
        Outcome outcome = finish.outcome();
        if (outcome instanceof Outcome.Completed) {
            return JobState.COMPLETED;
        }
        if (outcome instanceof Outcome.Returned) {
            return JobState.WAITING;
        }
        Job job = finish.lease().job();
        return outcome instanceof Outcome.AttemptFailed && job.attempt() < job.maxAttempts()
                ? JobState.DELAYED
                : JobState.FAILED;
    }

    private static boolean timedOut(Finish finish) {
        return finish.outcome() instanceof Outcome.AttemptFailed failed && failed.timedOut();
    }
}
