package io.trayb.jobs.queue;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.store.Processes;
import io.trayb.metrics.JobRecorder;
import java.time.Duration;
import java.time.Instant;

/** Counts what happens to jobs in the declared metrics. Thread-safe; never blocks. */
public final class JobMeasurements implements JobObserver {
    private final JobRecorder recorder;

    public JobMeasurements(JobRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void submitted(Job job) {
        recorder.submitted(job.queue(), job.type());
    }

    @Override
    public void accepted(int jobs) {
        recorder.accepted(jobs);
    }

    @Override
    public void writing(int outcomes) {
        recorder.writing(outcomes);
    }

    @Override
    public void started(LeasedJob lease) {
        Job job = lease.job();
        recorder.started(job.queue(), job.type(), Duration.ofMillis(lease.waitedMs()));
    }

    @Override
    public void completed(Job job, long durationMs) {
        recorder.completed(job.queue(), job.type());
        recorder.ran(job.queue(), job.type(), Duration.ofMillis(durationMs));
    }

    @Override
    public void attemptFailed(Job job, boolean timedOut) {
        recorder.attemptFailed(job.queue(), job.type());
        if (timedOut) {
            recorder.timedOut(job.queue(), job.type());
        }
        if (!job.state().isFinished()) {
            recorder.retried(job.queue(), job.type());
        }
        JobError error = job.error();
        Instant startedAt = job.startedAt();
        if (error != null && startedAt != null && !error.at().isBefore(startedAt)) {
            recorder.ran(job.queue(), job.type(), Duration.between(startedAt, error.at()));
        }
    }

    @Override
    public void failed(Job job) {
        recorder.failed(job.queue(), job.type());
    }

    @Override
    public void cancelled(Job job) {
        recorder.cancelled(job.queue(), job.type());
    }

    @Override
    public void reaped(Processes.Reaped reaped) {
        reaped.waiting().forEach(job -> recorder.stalled(job.queue(), job.type()));
        reaped.failed().forEach(job -> recorder.stalled(job.queue(), job.type()));
    }

    @Override
    public void leaseConflict(Job job) {
        recorder.leaseConflict(job.queue(), job.type());
    }
}
