package io.trayb.demo;

import java.util.Map;

/**
 * One job to submit, and how it is meant to end. Immutable.
 *
 * @param payload what the job's type takes, as a JSON object
 * @param priority 0 (first) to 9 (last)
 * @param delayMs milliseconds before it may start; 0 for at once
 * @param maxAttempts 1 to 50
 * @param end how it ends when the service does what it promises
 */
record SampleJob(
        String queue,
        String type,
        Map<String, Object> payload,
        int priority,
        long delayMs,
        int maxAttempts,
        JobState end) {

    SampleJob {
        payload = Map.copyOf(payload);
        if (!end.isFinal()) {
            throw new IllegalArgumentException("end is " + end + "; it must be a state that a job stays in");
        }
    }

    static SampleJob of(String queue, String type, Map<String, Object> payload) {
        return new SampleJob(queue, type, payload, 5, 0, 5, JobState.COMPLETED);
    }

    SampleJob withPriority(int newPriority) {
        return new SampleJob(queue, type, payload, newPriority, delayMs, maxAttempts, end);
    }

    SampleJob delayedBy(long milliseconds) {
        return new SampleJob(queue, type, payload, priority, milliseconds, maxAttempts, end);
    }

    /** The job that uses up its attempts. */
    SampleJob failingAfter(int attempts) {
        return new SampleJob(queue, type, payload, priority, delayMs, attempts, JobState.FAILED);
    }
}
