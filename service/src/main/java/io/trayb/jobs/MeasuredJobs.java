package io.trayb.jobs;

import io.trayb.jobs.store.Processes;
import io.trayb.metrics.JobRecorder;
import java.time.Duration;

/** Counts every transition of jobs in the declared metrics. Thread-safe; never blocks. */
public final class MeasuredJobs implements JobObserver {
    private final JobRecorder recorder;

    public MeasuredJobs(JobRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void submitted(Job job) {
        recorder.submitted(job.queue(), job.type());
    }

    @Override
    public void started(LeasedJob lease) {
        recorder.started(lease.job().queue(), lease.job().type(), Duration.ofMillis(lease.waitedMs()));
    }

    @Override
    public void completed(Job job, long durationMs) {
        recorder.ran(job.queue(), job.type(), Duration.ofMillis(durationMs));
        recorder.completed(job.queue(), job.type());
    }

    @Override
    public void attemptFailed(Job job, boolean timedOut) {
        if (job.startedAt() != null && job.error() != null) {
            recorder.ran(
                    job.queue(),
                    job.type(),
                    Duration.between(job.startedAt(), job.error().at()));
        }
        recorder.attemptFailed(job.queue(), job.type());
        if (timedOut) {
            recorder.timedOut(job.queue(), job.type());
        }
        if (job.state() == JobState.DELAYED) {
            recorder.retried(job.queue(), job.type());
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
    public void leaseConflict(LeasedJob lease) {
        recorder.leaseConflict(lease.job().queue(), lease.job().type());
    }
}
