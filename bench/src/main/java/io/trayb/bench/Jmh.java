package io.trayb.bench;

import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of a package with JMH, each in JVMs of its own. */
final class Jmh {
    private Jmh() {}

    /**
     * Runs them and prints what they measured.
     *
     * @param quick only sees that they run: the figures say nothing
     */
    static void run(String packageName, boolean quick) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(Pattern.quote(packageName + ".") + ".*")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (quick) {
            options.forks(1)
                    .warmupTime(TimeValue.milliseconds(200))
                    .warmupIterations(1)
                    .measurementTime(TimeValue.milliseconds(200))
                    .measurementIterations(1);
        }
        new Runner(options.build()).run();
    }
}
