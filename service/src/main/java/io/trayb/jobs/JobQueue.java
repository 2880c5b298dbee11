package io.trayb.jobs;

import io.trayb.database.Transactions;
import io.trayb.events.Event;
import io.trayb.events.EventSink;
import io.trayb.jobs.JobEvents.Reason;
import io.trayb.jobs.store.Cancellations;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.DueJobs;
import io.trayb.jobs.store.JobQueries;
import io.trayb.jobs.store.Outcomes;
import io.trayb.jobs.store.Processes;
import io.trayb.jobs.store.Queues;
import io.trayb.jobs.store.Submissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue. Each method is one transition: durable when it returns, then told as events.
 *
 * <p>Thread-safe. Every method that reaches the database throws {@link org.jdbi.v3.core.JdbiException} when that is out of
 * reach; nothing is then half done.
 */
public final class JobQueue {
    /** How often a submission is tried again when the holder of its unique key finishes under its hands. */
    private static final int UNIQUE_KEY_TRIES = 10;

    private final Transactions transactions;
    private final EventSink events;
    private final JobObserver observer;
    private final Supplier<UUID> ids;
    private final InstantSource clock;
    private final List<WakeUps> wakeUps = new CopyOnWriteArrayList<>();
    /** Queues that are known to be listed, so that their row isn't written with every job. Bounded. */
    private final Set<String> listedQueues = ConcurrentHashMap.newKeySet();

    private static final int MAX_LISTED_QUEUES = 10_000;
    /**
     * Jobs that are being submitted here and whose first event is not published yet. A claim may see such a job between the
     * commit and the event; it then publishes that first, so that no one hears of a start before the submission.
     */
    private final Set<UUID> unannounced = ConcurrentHashMap.newKeySet();

    /**
     * @param ids UUIDv7s, each once
     * @param clock for the time of progress events alone; everything else is timed by the database
     */
    public JobQueue(
            Transactions transactions,
            EventSink events,
            JobObserver observer,
            Supplier<UUID> ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.events = events;
        this.observer = observer;
        this.ids = ids;
        this.clock = clock;
    }

    /** Registers somebody to be woken when this process has made a job ready. */
    public void onReady(WakeUps listener) {
        wakeUps.add(listener);
    }

    /**
     * Adds jobs, all or none. Durable when it returns.
     *
     * @return in the order of the submissions
     */
    public List<Submitted> submit(List<JobSubmission> submissions) {
        List<Submissions.Entry> entries = submissions.stream()
                .map(submission -> new Submissions.Entry(ids.get(), submission))
                .toList();
        entries.forEach(entry -> unannounced.add(entry.id()));
        try {
            return announce(insert(entries));
        } finally {
            entries.forEach(entry -> unannounced.remove(entry.id()));
        }
    }

    private List<Submitted> insert(List<Submissions.Entry> entries) {
        List<Submitted> answer = transactions.run(handle -> {
            List<String> unlisted = entries.stream()
                    .map(entry -> entry.submission().queue())
                    .filter(queue -> !listedQueues.contains(queue))
                    .distinct()
                    .toList();
            if (!unlisted.isEmpty()) {
                Submissions.addQueues(handle, unlisted);
            }
            Map<UUID, Submitted> found = new HashMap<>();
            List<Submissions.Entry> open = entries;
            for (int i = 0; i < UNIQUE_KEY_TRIES && !open.isEmpty(); i++) {
                for (Job job : Submissions.insert(handle, open)) {
                    found.put(job.id(), new Submitted(job, false));
                }
                for (Submissions.Entry entry : open) {
                    if (!found.containsKey(entry.id())) {
                        Submissions.holder(handle, entry.submission())
                                .ifPresent(job -> found.put(entry.id(), new Submitted(job, true)));
                    }
                }
                open = open.stream()
                        .filter(entry -> !found.containsKey(entry.id()))
                        .toList();
            }
            if (!open.isEmpty()) {
                throw new IllegalStateException("a unique key changed hands " + UNIQUE_KEY_TRIES + " times");
            }
            return entries.stream().map(entry -> found.get(entry.id())).toList();
        });
        if (listedQueues.size() < MAX_LISTED_QUEUES) {
            entries.forEach(entry -> listedQueues.add(entry.submission().queue()));
        }
        return answer;
    }

    private List<Submitted> announce(List<Submitted> answer) {
        List<Event> told = new ArrayList<>(answer.size());
        for (Submitted submitted : answer) {
            if (!submitted.existing()) {
                observer.submitted(submitted.job());
                if (unannounced.remove(submitted.job().id())) {
                    told.add(JobEvents.submitted(submitted.job()));
                }
            }
        }
        events.publish(told);
        wake();
        return answer;
    }

    /** The job with this id, finished or not. */
    public Optional<Job> find(UUID id) {
        return transactions.statement(handle -> JobQueries.find(handle, id));
    }

    /** Jobs that pass a filter, newest first. */
    public List<Job> list(JobQueries.Filter filter) {
        return transactions.statement(handle -> JobQueries.list(handle, filter));
    }

    /** All queues, by name. */
    public List<QueueState> queues() {
        return transactions.statement(Queues::states);
    }

    /** One queue; empty if it doesn't exist. */
    public Optional<QueueState> queue(String name) {
        return transactions.statement(handle -> Queues.state(handle, name));
    }

    /** Stops new starts of a queue's jobs, or allows them again. Makes the queue if it doesn't exist. */
    public QueueState setPaused(String name, boolean paused) {
        QueueState state = transactions.run(handle -> {
            Queues.setPaused(handle, name, paused);
            return Queues.state(handle, name)
                    .orElseThrow(() -> new IllegalStateException("queue " + name + " is gone"));
        });
        if (!paused) {
            wake();
        }
        return state;
    }

    /** Cancels an unfinished job, whoever holds it; empty if none has this id. */
    public Optional<Job> cancel(UUID id) {
        Optional<Job> cancelled = transactions.statement(handle -> Cancellations.cancel(handle, id));
        cancelled.ifPresent(job -> {
            observer.cancelled(job);
            events.publish(List.of(JobEvents.finished(job)));
        });
        return cancelled;
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
        List<LeasedJob> started = new ArrayList<>(transactions.statement(
                handle -> Claims.claim(handle, processId, worker, types, after, perQueue, limit)));
        started.sort(Comparator.comparingInt((LeasedJob lease) -> lease.job().priority())
                .thenComparing(lease -> lease.job().id()));
        List<Event> told = new ArrayList<>(started.size());
        for (LeasedJob lease : started) {
            observer.started(lease);
            if (unannounced.remove(lease.job().id())) {
                told.add(JobEvents.submitted(lease.job()));
            }
            told.add(JobEvents.active(lease.job(), worker));
        }
        events.publish(told);
        return started;
    }

    /** The lease ids among these that are no longer current: cancelled, or judged lost. */
    public List<Long> lostLeases(Collection<LeasedJob> held) {
        return transactions.statement(handle -> Claims.lost(handle, held));
    }

    /**
     * Writes how starts ended. An outcome whose lease is no longer current is discarded.
     *
     * @param finishes at most one for each lease
     */
    public void finish(List<Finish> finishes) {
        List<Finish> completed = new ArrayList<>();
        List<Finish> retried = new ArrayList<>();
        List<Finish> failed = new ArrayList<>();
        List<Finish> returned = new ArrayList<>();
        for (Finish finish : finishes) {
            Job job = finish.lease().job();
            switch (kind(finish)) {
                case COMPLETED -> completed.add(finish);
                case FAILED -> failed.add(finish);
                case DELAYED -> retried.add(finish);
                case WAITING -> returned.add(finish);
                default -> throw new IllegalArgumentException("job " + job.id() + ": " + finish.outcome());
            }
        }
        write(completed, Outcomes::complete, (job, finish) -> {
            observer.completed(job, JobEvents.durationMs(job));
            return JobEvents.finished(job);
        });
        write(failed, Outcomes::fail, (job, finish) -> {
            observer.attemptFailed(job, timedOut(finish));
            observer.failed(job);
            return JobEvents.finished(job);
        });
        write(retried, Outcomes::retry, (job, finish) -> {
            observer.attemptFailed(job, timedOut(finish));
            JobError error = job.error();
            return JobEvents.queued(job, Reason.RETRY, error == null ? clock.instant() : error.at());
        });
        write(returned, Outcomes::giveBack, (job, finish) -> JobEvents.queued(job, Reason.RETURNED, clock.instant()));
    }

    /** Publishes how far a job is. Keeps nothing: see {@link #keepProgress}. */
    public void tellProgress(Job job, int progress, @Nullable String log) {
        events.publish(List.of(JobEvents.progress(job, progress, log, clock.instant())));
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
            events.publish(due.stream()
                    .map(job -> JobEvents.queued(job, Reason.DUE, clock.instant()))
                    .toList());
            wake();
        }
        return due.size();
    }

    /** How long until the next delayed job is due; empty if none is delayed. */
    public Optional<Duration> untilNextDue() {
        return transactions.statement(DueJobs::untilNext);
    }

    /** Registers a process; the id is what it holds jobs under. */
    public long register(String name, Duration lease) {
        return transactions.statement(handle -> Processes.register(handle, name, lease));
    }

    /** Extends a process's lease; false if it is over and the process must register anew. */
    public boolean beat(long processId, Duration lease) {
        return transactions.statement(handle -> Processes.beat(handle, processId, lease));
    }

    /** Ends a process's lease in good order. */
    public void leave(long processId) {
        transactions.statement(handle -> {
            Processes.leave(handle, processId);
            return processId;
        });
    }

    /**
     * Declares processes dead whose lease ran out, and frees their jobs.
     *
     * @param maxStalls the loss of a lease that fails a job
     */
    public Processes.Reaped reap(Duration lease, int maxStalls) {
        Processes.Reaped reaped = transactions.run(handle -> Processes.reap(handle, lease, maxStalls));
        if (reaped.processes() > 0) {
            observer.reaped(reaped);
            List<Event> told = new ArrayList<>();
            for (Job job : reaped.failed()) {
                observer.failed(job);
                told.add(JobEvents.finished(job));
            }
            for (Job job : reaped.waiting()) {
                told.add(JobEvents.queued(job, Reason.LEASE_LOST, clock.instant()));
            }
            events.publish(told);
            wake();
        }
        return reaped;
    }

    @FunctionalInterface
    private interface Write {
        List<Job> run(org.jdbi.v3.core.Handle handle, List<Finish> finishes);
    }

    @FunctionalInterface
    private interface Tell {
        Event tell(Job job, Finish finish);
    }

    private void write(List<Finish> finishes, Write write, Tell tell) {
        if (finishes.isEmpty()) {
            return;
        }
        List<Job> written = transactions.statement(handle -> write.run(handle, finishes));
        Map<UUID, Job> byId = new HashMap<>();
        written.forEach(job -> byId.put(job.id(), job));
        List<Event> told = new ArrayList<>(written.size());
        for (Finish finish : finishes) {
            Job job = byId.get(finish.lease().job().id());
            if (job == null) {
                observer.leaseConflict(finish.lease());
            } else {
                told.add(tell.tell(job, finish));
            }
        }
        events.publish(told);
        if (written.stream().anyMatch(job -> job.state() == JobState.WAITING)) {
            wake();
        }
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

    private void wake() {
        wakeUps.forEach(WakeUps::wake);
    }
}
