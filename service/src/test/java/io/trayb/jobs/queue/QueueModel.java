package io.trayb.jobs.queue;

import io.trayb.jobs.JobState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of jobs as it is promised, without a database: small enough to be right by reading it. A job is what it was
 * submitted with, its state, and who holds it.
 */
final class QueueModel {
    /** The loss of a lease that fails a job. */
    static final int MAX_STALLS = 3;

    /** One job. */
    private static final class Entry {
        private final int priority;
        private final int maxAttempts;
        private final @Nullable String uniqueKey;
        private JobState state;
        private int attempt;
        private int stalls;
        private @Nullable Long leaseId;
        private @Nullable Long processId;

        Entry(int priority, int maxAttempts, @Nullable String uniqueKey, JobState state) {
            this.priority = priority;
            this.maxAttempts = maxAttempts;
            this.uniqueKey = uniqueKey;
            this.state = state;
        }

        private boolean hasLastLife() {
            return stalls == MAX_STALLS - 1;
        }

        private void free(JobState next) {
            state = next;
            leaseId = null;
            processId = null;
        }
    }

    private final Map<UUID, Entry> jobs = new HashMap<>();
    private boolean paused;

    /** What can be compared with the real one: state and attempt of each job. */
    Map<UUID, String> view() {
        Map<UUID, String> view = new TreeMap<>();
        jobs.forEach((id, job) -> view.put(id, job.state.wireName() + " " + job.attempt));
        return view;
    }

    List<UUID> ids() {
        return List.copyOf(new TreeMap<>(jobs).keySet());
    }

    List<UUID> in(JobState state) {
        List<UUID> found = new ArrayList<>();
        new TreeMap<>(jobs).forEach((id, job) -> {
            if (job.state == state) {
                found.add(id);
            }
        });
        return found;
    }

    Optional<UUID> holderOf(String uniqueKey) {
        return jobs.entrySet().stream()
                .filter(job -> uniqueKey.equals(job.getValue().uniqueKey)
                        && !job.getValue().state.isFinished())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void submitted(UUID id, int priority, int maxAttempts, @Nullable String uniqueKey, boolean later) {
        jobs.put(id, new Entry(priority, maxAttempts, uniqueKey, later ? JobState.DELAYED : JobState.WAITING));
    }

    void pause(boolean now) {
        paused = now;
    }

    /**
     * The priorities that a lease of so many jobs must get, in ascending order: one job alone that its next lost lease fails, if
     * the one worker that there is holds none.
     */
    List<Integer> prioritiesOfNext(int limit) {
        if (paused) {
            return List.of();
        }
        boolean holdsOne = jobs.values().stream()
                .anyMatch(job -> job.state == JobState.ACTIVE && job.processId == null && job.hasLastLife());
        List<Integer> last = holdsOne ? List.of() : priorities(id -> get(id).hasLastLife(), 1);
        return last.isEmpty() ? priorities(id -> !get(id).hasLastLife(), limit) : last;
    }

    /** The same for a claim of a process: one job at most that its next lost lease fails, and none if it holds one already. */
    List<Integer> prioritiesOfNext(int limit, long process) {
        if (paused) {
            return List.of();
        }
        boolean holdsOne = jobs.values().stream()
                .anyMatch(job ->
                        job.state == JobState.ACTIVE && Objects.equals(job.processId, process) && job.hasLastLife());
        List<Integer> last = holdsOne ? List.of() : priorities(id -> get(id).hasLastLife(), 1);
        List<Integer> others = priorities(id -> !get(id).hasLastLife(), limit - last.size());
        return Stream.concat(last.stream(), others.stream()).sorted().toList();
    }

    private List<Integer> priorities(Predicate<UUID> which, int limit) {
        return in(JobState.WAITING).stream()
                .filter(which)
                .map(this::priority)
                .sorted()
                .limit(limit)
                .toList();
    }

    int priority(UUID id) {
        return get(id).priority;
    }

    /** @param processId null for a remote worker */
    void started(UUID id, long leaseId, @Nullable Long processId) {
        Entry job = get(id);
        job.state = JobState.ACTIVE;
        job.attempt++;
        job.leaseId = leaseId;
        job.processId = processId;
    }

    boolean isCurrent(UUID id, long leaseId) {
        return Objects.equals(get(id).leaseId, leaseId);
    }

    void completed(UUID id) {
        get(id).free(JobState.COMPLETED);
    }

    void failedAttempt(UUID id) {
        Entry job = get(id);
        job.free(job.attempt < job.maxAttempts ? JobState.DELAYED : JobState.FAILED);
    }

    void failedForGood(UUID id) {
        get(id).free(JobState.FAILED);
    }

    void returned(UUID id) {
        Entry job = get(id);
        job.attempt--;
        job.free(JobState.WAITING);
    }

    /** Everything that a process holds. */
    List<UUID> heldBy(long processId) {
        return in(JobState.ACTIVE).stream()
                .filter(id -> Objects.equals(get(id).processId, processId))
                .toList();
    }

    List<UUID> heldRemotely() {
        return in(JobState.ACTIVE).stream()
                .filter(id -> get(id).processId == null)
                .toList();
    }

    void leaseLost(UUID id) {
        Entry job = get(id);
        job.stalls++;
        job.free(job.stalls < MAX_STALLS ? JobState.WAITING : JobState.FAILED);
    }

    boolean cancel(UUID id) {
        Entry job = get(id);
        if (job.state.isFinished()) {
            return false;
        }
        job.free(JobState.CANCELLED);
        return true;
    }

    boolean retry(UUID id) {
        Entry job = get(id);
        boolean over = job.state == JobState.FAILED || job.state == JobState.CANCELLED;
        boolean keyIsHeld = job.uniqueKey != null && holderOf(job.uniqueKey).isPresent();
        if (!over || keyIsHeld) {
            return false;
        }
        job.state = JobState.WAITING;
        job.attempt = 0;
        job.stalls = 0;
        return true;
    }

    void becameDue(UUID id) {
        get(id).state = JobState.WAITING;
    }

    private Entry get(UUID id) {
        return Objects.requireNonNull(jobs.get(id));
    }
}
