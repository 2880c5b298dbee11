package io.trayb.jobs.queue;

import io.trayb.database.GroupCommit;
import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submitted;
import io.trayb.jobs.store.Submissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Adds jobs in one transaction with whatever belongs to them, and tells of them after its commit. Thread-safe.
 */
public final class JobAdditions {
    /** How often a submission is tried again when the holder of its unique key finishes under its hands. */
    private static final int UNIQUE_KEY_TRIES = 10;

    private static final int MAX_LISTED_QUEUES = 10_000;
    /** Jobs of one call that share a transaction with other calls. */
    private static final int GROUPED = 10;
    /** Characters of the payload of a job that shares a transaction with other calls. */
    private static final int GROUPED_PAYLOAD = 4096;
    /** Calls that share a transaction: 20 MB at most. */
    private static final int MAX_GROUP = 500;
    /** While one group is on its way to the disk, the next is prepared. */
    private static final int GROUPS_AT_ONCE = 2;

    /** Takes what is to be added. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Adds jobs within the transaction.
         *
         * @return in the order of the submissions; one whose unique key is held is the job that holds it
         */
        List<Submitted> add(List<JobSubmission> submissions);
    }

    /** What else is done in the transaction. May be run more than once. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Handle handle, Sink jobs);
    }

    private final Transactions transactions;
    private final Announcer announcer;
    private final Supplier<UUID> ids;
    /** Queues that are known to be listed, so that their row isn't written with every job. Bounded. */
    private final Set<String> listedQueues = ConcurrentHashMap.newKeySet();

    private final GroupCommit<List<Submissions.Entry>, List<Submitted>> together =
            new GroupCommit<>(GROUPS_AT_ONCE, MAX_GROUP, this::addTogether);

    /** @param ids UUIDv7s, each once */
    public JobAdditions(Transactions transactions, Announcer announcer, Supplier<UUID> ids) {
        this.transactions = transactions;
        this.announcer = announcer;
        this.ids = ids;
    }

    /**
     * Adds jobs and does nothing else, all or none; callers who come at once share a transaction.
     *
     * @return in the order of the submissions; one whose unique key is held is the job that holds it
     * @throws org.jdbi.v3.core.JdbiException as {@link Transactions#run} does
     */
    public List<Submitted> add(List<JobSubmission> submissions) {
        Set<UUID> expected = new HashSet<>();
        try {
            List<Submissions.Entry> entries = expected(submissions, expected);
            return mayShare(entries) ? together.run(entries) : addAll(entries);
        } finally {
            announcer.forget(expected);
        }
    }

    /**
     * Whether a call makes nobody wait for longer: it is small, and has no unique key, which another transaction may hold for as
     * long as that takes.
     */
    private static boolean mayShare(List<Submissions.Entry> entries) {
        return entries.size() <= GROUPED
                && entries.stream()
                        .allMatch(entry -> entry.submission().uniqueKey() == null
                                && entry.submission().payload().length() <= GROUPED_PAYLOAD);
    }

    private List<List<Submitted>> addTogether(List<List<Submissions.Entry>> requests) {
        Iterator<Submitted> added =
                addAll(requests.stream().flatMap(List::stream).toList()).iterator();
        return requests.stream()
                .map(request -> request.stream().map(entry -> added.next()).toList())
                .toList();
    }

    private List<Submitted> addAll(List<Submissions.Entry> entries) {
        boolean oneStatement = unlisted(entries).isEmpty()
                && entries.stream().allMatch(entry -> entry.submission().uniqueKey() == null);
        List<Submitted> added = oneStatement
                ? transactions.statement(handle -> insert(handle, entries))
                : transactions.run(handle -> insert(handle, entries));
        list(added);
        announce(added);
        return added;
    }

    /**
     * Runs a unit of work that adds jobs: all of it is committed, or nothing. Then the jobs are told of.
     *
     * @throws org.jdbi.v3.core.JdbiException as {@link Transactions#run} does
     */
    public <T extends @Nullable Object> T run(Work<T> work) {
        Set<UUID> expected = new HashSet<>();
        List<Submitted> added = new ArrayList<>();
        try {
            T result = transactions.run(handle -> {
                // What an earlier try added was rolled back.
                added.clear();
                return work.run(handle, submissions -> {
                    List<Submitted> submitted = insert(handle, expected(submissions, expected));
                    added.addAll(submitted);
                    return submitted;
                });
            });
            list(added);
            announce(added);
            return result;
        } finally {
            announcer.forget(expected);
        }
    }

    private List<Submissions.Entry> expected(List<JobSubmission> submissions, Set<UUID> expected) {
        List<Submissions.Entry> entries = submissions.stream()
                .map(submission -> new Submissions.Entry(ids.get(), submission))
                .toList();
        List<UUID> drawn = entries.stream().map(Submissions.Entry::id).toList();
        expected.addAll(drawn);
        announcer.expect(drawn);
        return entries;
    }

    private List<Submitted> insert(Handle handle, List<Submissions.Entry> entries) {
        Map<UUID, Submitted> found = new HashMap<>();
        List<Submissions.Entry> open = entries;
        for (int tried = 0; tried < UNIQUE_KEY_TRIES && !open.isEmpty(); tried++) {
            for (Job job : Submissions.insert(handle, open)) {
                found.put(job.id(), new Submitted(job, false));
            }
            open = open.stream().filter(entry -> !found.containsKey(entry.id())).toList();
            for (Submissions.Entry entry : open) {
                Submissions.holder(handle, entry.submission())
                        .ifPresent(job -> found.put(entry.id(), new Submitted(job, true)));
            }
            open = open.stream().filter(entry -> !found.containsKey(entry.id())).toList();
        }
        if (!open.isEmpty()) {
            throw new IllegalStateException("a unique key changed hands " + UNIQUE_KEY_TRIES + " times");
        }
        // Last, since from then on whoever submits to the same new queue waits for this transaction, and it may have
        // waited long for a unique key.
        Submissions.addQueues(handle, unlisted(entries));
        return entries.stream().map(entry -> found.get(entry.id())).toList();
    }

    private List<String> unlisted(List<Submissions.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.submission().queue())
                .filter(queue -> !listedQueues.contains(queue))
                .distinct()
                .toList();
    }

    private void list(List<Submitted> jobs) {
        if (listedQueues.size() < MAX_LISTED_QUEUES) {
            jobs.forEach(submitted -> listedQueues.add(submitted.job().queue()));
        }
    }

    private void announce(List<Submitted> jobs) {
        List<Job> added = jobs.stream()
                .filter(submitted -> !submitted.existing())
                .map(Submitted::job)
                .toList();
        if (!added.isEmpty()) {
            announcer.observer().accepted(added.size());
            added.forEach(announcer.observer()::submitted);
            announcer.publishSubmitted(added);
            announcer.wake(added);
        }
    }
}
