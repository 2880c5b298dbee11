package io.trayb.cache;

import io.trayb.metrics.DependencyRecorder;
import io.trayb.monitoring.catalog.DependencyMetrics;
import java.util.Locale;

/** Counts look-ups in the declared metrics. Thread-safe; never blocks. */
public final class CacheMeasurements implements CacheObserver {
    private final DependencyRecorder recorder;

    public CacheMeasurements(DependencyRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void lookedUp(String cache, Result result) {
        recorder.lookedUp(
                DependencyMetrics.Cache.valueOf(cache.toUpperCase(Locale.ROOT)),
                DependencyMetrics.CacheResult.valueOf(result.name()));
    }
}
