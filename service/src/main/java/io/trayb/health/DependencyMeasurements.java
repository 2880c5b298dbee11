package io.trayb.health;

import io.trayb.metrics.DependencyRecorder;
import io.trayb.monitoring.catalog.DependencyMetrics.Dependency;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/** Keeps how the probes of the dependencies go in the declared metrics. Thread-safe; never blocks. */
public final class DependencyMeasurements implements DependencyObserver {
    private final DependencyRecorder recorder;
    private final InstantSource clock;

    /** @param clock the wall clock: Prometheus compares the time of the last success with its own */
    public DependencyMeasurements(DependencyRecorder recorder, InstantSource clock) {
        this.recorder = recorder;
        this.clock = clock;
    }

    @Override
    public void probed(String dependency, boolean up, Duration latency) {
        Dependency probed = Dependency.valueOf(dependency.toUpperCase(Locale.ROOT));
        if (up) {
            recorder.answered(probed, latency, clock.instant());
        } else {
            recorder.failed(probed, latency);
        }
    }
}
