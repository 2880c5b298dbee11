package io.trayb.jobs.schedule;

import io.trayb.metrics.ScheduleRecorder;
import io.trayb.monitoring.catalog.ScheduleMetrics.Result;
import java.time.Duration;

/** Counts what comes of ticks in the declared metrics. Thread-safe; never blocks. */
public final class ScheduleMeasurements implements ScheduleObserver {
    private final ScheduleRecorder recorder;

    public ScheduleMeasurements(ScheduleRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void ranOnTime(Duration late) {
        recorder.ticked(Result.ON_TIME);
        recorder.lag(late);
    }

    @Override
    public void caughtUp() {
        recorder.ticked(Result.CAUGHT_UP);
    }

    @Override
    public void held() {
        recorder.ticked(Result.HELD);
    }

    @Override
    public void skipped() {
        recorder.ticked(Result.SKIPPED);
    }

    @Override
    public void failed() {
        recorder.ticked(Result.FAILED);
    }
}
