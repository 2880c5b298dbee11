package io.trayb.bench.monitoring;

import io.trayb.metrics.Exposition;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a scrape of 10,000 series takes, plain and compressed; and how long a request waits to be counted while another thread
 * scrapes without a break, whose p99.99 and maximum say whether there is a pause.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Scraping {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public byte[] plain(ManySeries series) throws IOException {
        return new Exposition(series.collectors).write(TEXT, false);
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public byte[] compressed(ManySeries series) throws IOException {
        return new Exposition(series.collectors).write(TEXT, true);
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Group("beside")
    @GroupThreads(1)
    public byte[] scrape(ManySeries series) throws IOException {
        return new Exposition(series.collectors).write(TEXT, true);
    }

    /** A request that is counted meanwhile. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Group("beside")
    @GroupThreads(1)
    public void request(ManySeries series) {
        series.durations.observe("POST", "/api/v1/jobs", 201, 1_000_000);
    }
}
