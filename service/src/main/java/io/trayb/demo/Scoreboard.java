package io.trayb.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where each of our jobs stands, as far as events have told. For one thread. */
final class Scoreboard {
    private static final String PREFIX = "job.";

    private final Map<String, Tracked> jobs = new LinkedHashMap<>();
    private final Map<JobState, Integer> counts = new EnumMap<>(JobState.class);
    private final SortedMap<String, QueueScore> queues = new TreeMap<>();

    /** A job that was accepted; it counts as waiting (or delayed) until an event says more. */
    void expect(String id, SampleJob job) {
        JobState first = job.delayMs() > 0 ? JobState.DELAYED : JobState.WAITING;
        QueueScore queue = queues.computeIfAbsent(job.queue(), QueueScore::new);
        queue.jobs++;
        jobs.put(id, new Tracked(job, queue, first));
        counts.merge(first, 1, Integer::sum);
    }

    /**
     * Takes one event of the stream.
     *
     * @return whether it was about one of our jobs
     */
    boolean apply(String event, JsonNode data) {
        Tracked tracked = jobs.get(data.path("jobId").asText());
        if (tracked == null || !event.startsWith(PREFIX)) {
            return false;
        }
        Optional<JobState> state = JobState.named(event.substring(PREFIX.length()));
        boolean failedAttempt = state.equals(Optional.of(JobState.FAILED))
                || (state.equals(Optional.of(JobState.DELAYED)) && data.hasNonNull("error"));
        if (failedAttempt) {
            tracked.queue.failedAttempts++;
        }
        if (data.path("durationMs").canConvertToLong()) {
            tracked.queue.durationsMs.add(data.path("durationMs").asLong());
        }
        state.ifPresent(next -> move(tracked, next));
        return true;
    }

    /** What a read of the job's state says, after events were missed. */
    void correct(String id, JobState state) {
        Tracked tracked = jobs.get(id);
        if (tracked != null) {
            move(tracked, state);
        }
    }

    private void move(Tracked tracked, JobState next) {
        // After a correction older events may still arrive; what has ended stays ended.
        if (tracked.state.isFinal() || tracked.state == next) {
            return;
        }
        counts.merge(tracked.state, -1, Integer::sum);
        counts.merge(next, 1, Integer::sum);
        tracked.state = next;
        if (next.isFinal()) {
            tracked.queue.ended++;
            tracked.queue.endedAs.merge(next, 1, Integer::sum);
        }
    }

    int total() {
        return jobs.size();
    }

    int ended() {
        return count(JobState.COMPLETED) + count(JobState.FAILED) + count(JobState.CANCELLED);
    }

    boolean isOver() {
        return ended() == total();
    }

    int count(JobState state) {
        return counts.getOrDefault(state, 0);
    }

    List<String> unfinished() {
        List<String> ids = new ArrayList<>();
        jobs.forEach((id, tracked) -> {
            if (!tracked.state.isFinal()) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** A sentence for each job that ended otherwise than it was meant to. */
    List<String> surprises() {
        List<String> surprises = new ArrayList<>();
        jobs.forEach((id, tracked) -> {
            if (tracked.state.isFinal() && tracked.state != tracked.job.end()) {
                surprises.add("%s (%s on %s) is %s; it was meant to be %s"
                        .formatted(
                                id,
                                tracked.job.type(),
                                tracked.job.queue(),
                                tracked.state.wireName(),
                                tracked.job.end().wireName()));
            }
        });
        return surprises;
    }

    /** By name. The scores go on counting with this board. */
    List<QueueScore> queues() {
        return List.copyOf(queues.values());
    }

    private static final class Tracked {
        private final SampleJob job;
        private final QueueScore queue;
        private JobState state;

        private Tracked(SampleJob job, QueueScore queue, JobState state) {
            this.job = job;
            this.queue = queue;
            this.state = state;
        }
    }

    /** What happened on one queue. */
    static final class QueueScore {
        private final String name;
        private final Map<JobState, Integer> endedAs = new EnumMap<>(JobState.class);
        private final List<Long> durationsMs = new ArrayList<>();
        private int jobs;
        private int ended;
        private int failedAttempts;

        private QueueScore(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        int jobs() {
            return jobs;
        }

        int ended() {
            return ended;
        }

        int endedAs(JobState state) {
            return endedAs.getOrDefault(state, 0);
        }

        int failedAttempts() {
            return failedAttempts;
        }

        /** Of the runs that completed, in milliseconds; null before the first. */
        @Nullable
        Long medianMs() {
            if (durationsMs.isEmpty()) {
                return null;
            }
            List<Long> sorted = new ArrayList<>(durationsMs);
            Collections.sort(sorted);
            return sorted.get(sorted.size() / 2);
        }

        /** Of the runs that completed, in milliseconds; null before the first. */
        @Nullable
        Long longestMs() {
            return durationsMs.isEmpty() ? null : Collections.max(durationsMs);
        }
    }
}
