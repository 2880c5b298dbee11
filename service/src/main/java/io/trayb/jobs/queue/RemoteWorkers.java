package io.trayb.jobs.queue;

import io.trayb.database.Transactions;
import io.trayb.events.Event;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.queue.JobEvents.Reason;
import io.trayb.jobs.store.JobQueries;
import io.trayb.jobs.store.KnownTypes;
import io.trayb.jobs.store.Processes;
import io.trayb.jobs.store.RemoteLeases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue from the side of workers that reach it over HTTP: each job has a lease of its own, and everything that is said
 * about it is fenced by the token of that lease.
 *
 * <p>Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} when the database is out of reach; what was
 * asked is then done whole or not at all, and which can be read once it is back.
 */
public final class RemoteWorkers {
    private static final int TIMED_OUT_BATCH = 500;

    private final Transactions transactions;
    private final Announcer announcer;
    private final JobLeases leases;
    private final LimitedStarts limited;
    private final AskedTypes askedTypes;
    private final Backoff backoff;
    private final InstantSource clock;

    /** @param nanoTime a monotonic clock */
    public RemoteWorkers(
            Transactions transactions,
            Announcer announcer,
            JobLeases leases,
            LimitedStarts limited,
            Backoff backoff,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.transactions = transactions;
        this.announcer = announcer;
        this.leases = leases;
        this.limited = limited;
        this.askedTypes = new AskedTypes(transactions, nanoTime);
        this.backoff = backoff;
        this.clock = clock;
    }

    /**
     * Starts waiting jobs of one queue.
     *
     * @param types only of these types; empty for all
     * @return in the order in which they are to run
     */
    public List<RemoteLease> lease(String queue, String worker, int limit, Duration lease, Collection<String> types) {
        askedTypes.asked(queue, types);
        List<RemoteLease> started = new ArrayList<>(
                limited.has(queue)
                        ? limited.lease(queue, worker, limit, lease, types)
                        : transactions.statement(
                                handle -> RemoteLeases.claim(handle, queue, worker, limit, lease, types)));
        started.sort(Comparator.comparing(RemoteLease::lease, LeasedJob.RUN_ORDER));
        started.forEach(remote -> announcer.observer().started(remote.lease()));
        announcer.publishStarted(
                started.stream().map(remote -> remote.lease().job()).toList(), worker);
        return started;
    }

    /**
     * How long until another try may find room under a queue's limits, a second at most.
     *
     * @param types only of these types; empty for all
     * @return empty if no job waits for room
     */
    public Optional<Duration> untilRoom(String queue, Collection<String> types) {
        return limited.untilRoom(queue, types);
    }

    /** Forgets the types that no remote worker has asked for in a day. */
    public void forgetAskedTypes() {
        transactions.statement(KnownTypes::forgetOld);
    }

    /**
     * Extends a lease.
     *
     * @param progress percent, or null
     * @param log a line for people, or null
     * @return empty if the token is no longer the holder's
     */
    public Optional<RemoteLease> beat(
            UUID id, long leaseId, Duration lease, @Nullable Integer progress, @Nullable String log) {
        Optional<RemoteLease> extended =
                transactions.statement(handle -> RemoteLeases.extend(handle, id, leaseId, lease, progress));
        extended.ifPresent(remote -> {
            Job job = remote.lease().job();
            if (progress != null || log != null) {
                leases.tellProgress(job, job.progress(), log);
            }
        });
        return extended;
    }

    /** Completes a job; empty if the token is no longer the holder's. */
    public Optional<Job> complete(UUID id, long leaseId, @Nullable String result) {
        return finish(id, leaseId, new Outcome.Completed(result));
    }

    /**
     * Fails an attempt; empty if the token is no longer the holder's.
     *
     * @param retry whether it may be tried again while attempts are left
     */
    public Optional<Job> fail(UUID id, long leaseId, String message, boolean retry) {
        return transactions
                .read(handle -> JobQueries.find(handle, id))
                .flatMap(job -> finish(
                        id,
                        leaseId,
                        retry
                                ? new Outcome.AttemptFailed(message, backoff.after(Math.max(1, job.attempt())), false)
                                : new Outcome.FailedForGood(message)));
    }

    /** Gives starts back, uncounted: their worker never heard of them. */
    public void giveBack(Collection<RemoteLease> unheard) {
        leases.finish(unheard.stream()
                .map(remote -> new Finish(remote.lease(), new Outcome.Returned(), null))
                .toList());
    }

    /**
     * Frees the jobs whose lease ran out.
     *
     * @param maxStalls the loss of a lease that fails a job
     * @param inTouch for how long this process has been in touch with the database without a gap: a lease is judged only if
     *     that is longer, since before that its worker may have had nobody to beat to
     */
    public void reap(int maxStalls, Duration inTouch) {
        Processes.Reaped reaped = transactions.run(handle -> RemoteLeases.reap(handle, maxStalls, inTouch));
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

    /** Ends the attempts that take longer than their job allows. */
    public void timeOut() {
        List<LeasedJob> late = transactions.read(handle -> RemoteLeases.timedOut(handle, TIMED_OUT_BATCH));
        leases.finish(late.stream()
                .map(lease -> new Finish(
                        lease,
                        new Outcome.AttemptFailed(
                                "timed out after " + lease.job().timeoutMs() + " ms",
                                backoff.after(lease.job().attempt()),
                                true),
                        null))
                .toList());
    }

    private Optional<Job> finish(UUID id, long leaseId, Outcome outcome) {
        Optional<LeasedJob> held = transactions.read(handle -> RemoteLeases.find(handle, id, leaseId));
        if (held.isEmpty()) {
            transactions
                    .read(handle -> JobQueries.find(handle, id))
                    .ifPresent(job -> announcer.observer().leaseConflict(job));
            return Optional.empty();
        }
        return leases.finish(List.of(new Finish(held.get(), outcome, null))).stream()
                .findFirst();
    }
}
