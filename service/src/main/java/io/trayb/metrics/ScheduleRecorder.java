package io.trayb.metrics;

import io.trayb.monitoring.catalog.ScheduleMetrics;
import io.trayb.monitoring.catalog.ScheduleMetrics.Result;
import java.time.Duration;

/** Counts what comes of the ticks of schedules, in this process. Thread-safe; never blocks. */
public final class ScheduleRecorder {
    private final CounterHandle ticks;
    private final HistogramHandle lag;

    ScheduleRecorder(Collectors collectors) {
        ticks = collectors.counter(ScheduleMetrics.TICKS);
        lag = collectors.histogram(ScheduleMetrics.LAG);
    }

    /** A tick came to this. */
    public void ticked(Result result) {
        ticks.inc(result.label());
    }

    /** A job was submitted so long after its tick. */
    public void lag(Duration late) {
        lag.observe(late);
    }
}
