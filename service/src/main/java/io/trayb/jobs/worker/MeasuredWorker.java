package io.trayb.jobs.worker;

import io.trayb.metrics.WorkerRecorder;

/** Exports how this process' worker is doing in the declared metrics. Thread-safe; never blocks. */
public final class MeasuredWorker implements WorkerObserver {
    private final WorkerRecorder recorder;

    public MeasuredWorker(WorkerRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void slots(int busy, int total) {
        recorder.slots(busy, total);
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
