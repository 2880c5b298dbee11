package io.trayb.jobs.worker;

import io.trayb.metrics.WorkerRecorder;

/** Keeps how a worker is doing in the declared metrics. Thread-safe; never blocks. */
public final class WorkerMeasurements implements WorkerObserver {
    private final WorkerRecorder recorder;

    public WorkerMeasurements(WorkerRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void slots(int busy, int total) {
        recorder.slots(busy, total);
    }

    @Override
    public void claimed(int jobs, long nanoseconds) {
        recorder.claimed(jobs, nanoseconds);
    }

    @Override
    public void handlerAbandoned() {
        recorder.handlerAbandoned();
    }

    @Override
    public void beat() {
        recorder.beat();
    }
}
