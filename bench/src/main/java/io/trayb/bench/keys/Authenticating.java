package io.trayb.bench.keys;

import io.trayb.keys.Caller;
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

/** What telling who asks costs a request: everybody on this machine, the holder of one of a thousand keys, and nobody. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Authenticating {
    @Benchmark
    public Caller anonymous(KeptKeys keys) {
        return keys.open.authenticate(null);
    }

    @Benchmark
    public Caller byKey(KeptKeys keys) {
        return keys.closed.authenticate(keys.header);
    }

    @Benchmark
    @Threads(Threads.MAX)
    public Caller byKeyOnAllCores(KeptKeys keys) {
        return keys.closed.authenticate(keys.header);
    }
}
