package io.trayb.bench.monitoring;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs a request that its duration is recorded: time, and with the gc profiler bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Recording {
    @Benchmark
    public void alone(ManySeries series) {
        series.durations.observe("POST", "/api/v1/jobs", 201, 1_000_000);
    }

    @Benchmark
    @Threads(Threads.MAX)
    public void onAllCores(ManySeries series) {
        series.durations.observe("POST", "/api/v1/jobs", 201, 1_000_000);
    }
}
