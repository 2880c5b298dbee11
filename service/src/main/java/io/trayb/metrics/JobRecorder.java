package io.trayb.metrics;

import io.trayb.monitoring.catalog.JobMetrics;
import java.time.Duration;

/** Counts what becomes of jobs, in this process. Thread-safe; never blocks. */
public final class JobRecorder {
    private final CounterHandle submitted;
    private final CounterHandle completed;
    private final CounterHandle failed;
    private final CounterHandle cancelled;
    private final CounterHandle stalled;
    private final CounterHandle timedOut;
    private final CounterHandle attemptsFailed;
    private final CounterHandle retried;
    private final CounterHandle leaseConflicts;
    private final HistogramHandle duration;
    private final HistogramHandle wait;
    private final HistogramHandle.Child submissionBatch;
    private final HistogramHandle.Child outcomeBatch;

    JobRecorder(Collectors collectors) {
        submitted = collectors.counter(JobMetrics.SUBMITTED);
        completed = collectors.counter(JobMetrics.COMPLETED);
        failed = collectors.counter(JobMetrics.FAILED);
        cancelled = collectors.counter(JobMetrics.CANCELLED);
        stalled = collectors.counter(JobMetrics.STALLED);
        timedOut = collectors.counter(JobMetrics.TIMED_OUT);
        attemptsFailed = collectors.counter(JobMetrics.ATTEMPTS_FAILED);
        retried = collectors.counter(JobMetrics.RETRIED);
        leaseConflicts = collectors.counter(JobMetrics.LEASE_CONFLICTS);
        duration = collectors.histogram(JobMetrics.DURATION);
        wait = collectors.histogram(JobMetrics.WAIT);
        HistogramHandle batches = collectors.histogram(JobMetrics.BATCH_SIZE);
        submissionBatch = batches.child(JobMetrics.Batch.SUBMISSION.label());
        outcomeBatch = batches.child(JobMetrics.Batch.OUTCOME.label());
    }

    /** A job was accepted and is durable. */
    public void submitted(String queue, String type) {
        submitted.inc(queue, type);
    }

    /** One transaction added so many jobs. */
    public void accepted(int jobs) {
        submissionBatch.observe(jobs);
    }

    /** One transaction writes so many outcomes. */
    public void writing(int outcomes) {
        outcomeBatch.observe(outcomes);
    }

    /** An attempt began, so long after its job became ready. */
    public void started(String queue, String type, Duration waited) {
        wait.observe(waited, queue, type);
    }

    /** An attempt ended, however, after so long. */
    public void ran(String queue, String type, Duration time) {
        duration.observe(time, queue, type);
    }

    /** A job was completed. */
    public void completed(String queue, String type) {
        completed.inc(queue, type);
    }

    /** An attempt failed; {@link #retried} or {@link #failed} says what followed. */
    public void attemptFailed(String queue, String type) {
        attemptsFailed.inc(queue, type);
    }

    /** After a failed attempt, another one was planned. */
    public void retried(String queue, String type) {
        retried.inc(queue, type);
    }

    /** A job failed for good. */
    public void failed(String queue, String type) {
        failed.inc(queue, type);
    }

    /** A job was cancelled before it finished. */
    public void cancelled(String queue, String type) {
        cancelled.inc(queue, type);
    }

    /** A start was lost, since whoever ran the job was gone. */
    public void stalled(String queue, String type) {
        stalled.inc(queue, type);
    }

    /** An attempt ran longer than its job allows. */
    public void timedOut(String queue, String type) {
        timedOut.inc(queue, type);
    }

    /** An outcome was refused, since its lease was no longer current. */
    public void leaseConflict(String queue, String type) {
        leaseConflicts.inc(queue, type);
    }
}
