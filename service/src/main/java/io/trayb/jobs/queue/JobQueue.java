package io.trayb.jobs.queue;

import io.trayb.database.Transactions;
import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.QueueState;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import io.trayb.jobs.queue.JobEvents.Reason;
import io.trayb.jobs.store.Cancellations;
import io.trayb.jobs.store.IdempotencyKeys;
import io.trayb.jobs.store.JobQueries;
import io.trayb.jobs.store.Queues;
import io.trayb.jobs.store.Revivals;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The queue from the side of those who give work. Each method is one transition: durable when it returns, then told as events.
 *
 * <p>Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} when the database is out of reach; what was
 * asked is then done whole or not at all, and which can be read once it is back.
 */
public final class JobQueue {
    /** One statement's worth of a replay. */
    private static final int REPLAY_BATCH = 500;

    private final Transactions transactions;
    private final Announcer announcer;
    private final JobAdditions additions;
    private final InstantSource clock;

    /**
     * @param ids UUIDv7s, each once
     * @param clock for the time of replay events alone; everything else is timed by the database
     */
    public JobQueue(Transactions transactions, Announcer announcer, Supplier<UUID> ids, InstantSource clock) {
        this.transactions = transactions;
        this.announcer = announcer;
        this.additions = new JobAdditions(transactions, announcer, ids);
        this.clock = clock;
    }

    /**
     * Adds jobs, all or none.
     *
     * @param key makes a repetition of this call answer with the same jobs; null for none
     * @return in the order of the submissions
     * @throws IdempotencyConflict if the key stands for something else
     */
    public Submission submit(List<JobSubmission> submissions, @Nullable IdempotencyKey key) {
        return key == null
                ? new Submission(additions.add(submissions), false)
                : additions.run((handle, jobs) -> submitOnce(handle, jobs, submissions, key));
    }

    /** The job with this id, finished or not. */
    public Optional<Job> find(UUID id) {
        return transactions.read(handle -> JobQueries.find(handle, id));
    }

    /** Jobs that pass a filter, newest first. */
    public List<Job> list(JobQueries.Filter filter) {
        return transactions.read(handle -> JobQueries.list(handle, filter));
    }

    /** All queues, by name. */
    public List<QueueState> queues() {
        return transactions.read(Queues::states);
    }

    /** One queue; empty if it doesn't exist. */
    public Optional<QueueState> queue(String name) {
        return transactions.read(handle -> Queues.state(handle, name));
    }

    /** Stops new starts of a queue's jobs, or allows them again. Makes the queue if it doesn't exist. */
    public QueueState setPaused(String name, boolean paused) {
        QueueState state = transactions.run(handle -> {
            Queues.setPaused(handle, name, paused);
            return Queues.state(handle, name)
                    .orElseThrow(() -> new IllegalStateException("queue " + name + " is gone"));
        });
        if (!paused) {
            announcer.wake(Set.of(name));
        }
        return state;
    }

    /**
     * Sets both limits of a queue's jobs over all nodes; null is none. What runs already goes on, also when there is more of it
     * than may be. Makes the queue if it doesn't exist.
     *
     * @param maxActive how many may run at once, from 1
     * @param maxStartsPerSecond how many may start within any second, from 1
     */
    public QueueState setLimits(String name, @Nullable Integer maxActive, @Nullable Integer maxStartsPerSecond) {
        QueueState state = transactions.run(handle -> {
            Queues.setLimits(handle, name, maxActive, maxStartsPerSecond);
            return Queues.state(handle, name)
                    .orElseThrow(() -> new IllegalStateException("queue " + name + " is gone"));
        });
        announcer.wake(Set.of(name));
        return state;
    }

    /** Cancels an unfinished job, whoever holds it; empty if none has this id. */
    public Optional<Job> cancel(UUID id) {
        Optional<Job> cancelled = transactions.statement(handle -> Cancellations.cancel(handle, id));
        cancelled.ifPresent(job -> {
            announcer.observer().cancelled(job);
            announcer.publish(List.of(JobEvents.finished(job)));
        });
        return cancelled;
    }

    /**
     * Puts a failed or cancelled job back, with fresh attempts; empty if it is neither, or its unique key is held by another.
     *
     * @param onBack called after the commit and before anybody is told; also when it isn't known whether there was a commit
     */
    public Optional<Job> retry(UUID id, Consumer<Collection<UUID>> onBack) {
        return putBack(
                        List.of(id),
                        () -> transactions.statement(handle -> Revivals.revive(handle, List.of(id))),
                        onBack)
                .stream()
                .findFirst();
    }

    /**
     * Puts many failed or cancelled jobs back, all or none; returns how many. Those whose unique key is held by another stay as they are.
     *
     * @param onBack called with all of them after the commit and before anybody is told; also when it isn't known whether there
     *     was a commit
     */
    public int replay(Revivals.Filter filter, Consumer<Collection<UUID>> onBack) {
        Set<UUID> found = new LinkedHashSet<>();
        return putBack(found, () -> transactions.run(handle -> reviveFound(handle, filter, found)), onBack)
                .size();
    }

    private List<Job> putBack(Collection<UUID> meant, Supplier<List<Job>> revive, Consumer<Collection<UUID>> onBack) {
        List<Job> revived;
        try {
            revived = revive.get();
        } catch (JdbiException e) {
            // They may be back all the same.
            onBack.accept(meant);
            throw e;
        }
        return told(revived, onBack);
    }

    /** Forgets up to {@code limit} idempotency keys that are too old to count; returns how many. */
    public int forgetOldIdempotencyKeys(int limit) {
        return transactions.statement(handle -> IdempotencyKeys.forgetOld(handle, limit));
    }

    private static Submission submitOnce(
            Handle handle, JobAdditions.Sink jobs, List<JobSubmission> submissions, IdempotencyKey key) {
        if (IdempotencyKeys.take(handle, key)) {
            List<Submitted> submitted = jobs.add(submissions);
            IdempotencyKeys.answered(handle, key, submitted);
            return new Submission(submitted, false);
        }
        IdempotencyKeys.Use use = IdempotencyKeys.find(handle, key)
                .orElseThrow(() -> new IllegalStateException("an idempotency key vanished in its own transaction"));
        if (!use.bodyHash().equals(key.bodyHash())) {
            throw IdempotencyConflict.otherBody(key.key());
        }
        List<Submitted> first = new ArrayList<>();
        for (int i = 0; i < use.jobIds().size(); i++) {
            Job job = JobQueries.find(handle, use.jobIds().get(i))
                    .orElseThrow(() -> IdempotencyConflict.noLongerKept(key.key()));
            first.add(new Submitted(job, use.existing().get(i)));
        }
        return new Submission(first, true);
    }

    private static List<Job> reviveFound(Handle handle, Revivals.Filter filter, Set<UUID> meant) {
        List<UUID> found = Revivals.find(handle, filter);
        meant.addAll(found);
        List<Job> revived = new ArrayList<>(found.size());
        for (int from = 0; from < found.size(); from += REPLAY_BATCH) {
            revived.addAll(Revivals.revive(handle, found.subList(from, Math.min(found.size(), from + REPLAY_BATCH))));
        }
        return revived;
    }

    /** Tells that these jobs are back. */
    private List<Job> told(List<Job> revived, Consumer<Collection<UUID>> onBack) {
        if (!revived.isEmpty()) {
            onBack.accept(revived.stream().map(Job::id).toList());
            announcer.publish(revived.stream()
                    .map(job -> JobEvents.queued(job, Reason.RETRY, clock.instant()))
                    .toList());
            announcer.wake(revived);
        }
        return revived;
    }
}
