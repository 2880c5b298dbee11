package io.trayb.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import net.sourceforge.argparse4j.ArgumentParsers;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;

/** {@code ./trayb bench jobs|events|monitoring|keys}: measures the service in rounds and prints medians; parts of it, with JMH. */
public final class Bench {
    private static final int CLIENTS = 64;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        ArgumentParser parser = parser();
        Namespace options;
        try {
            options = parser.parseArgs(arguments);
        } catch (ArgumentParserException e) {
            parser.handleError(e);
            System.exit(2);
            return;
        }
        switch (options.getString("what")) {
            case "jobs" -> jobs(options);
            case "events" -> events(options);
            default ->
                Jmh.run(Bench.class.getPackageName() + "." + options.getString("what"), options.getBoolean("quick"));
        }
    }

    private static void jobs(Namespace options) throws Exception {
        int jobs = options.getInt("jobs");
        int seconds = options.getInt("seconds");
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        try (ServiceUnderTest service = ServiceUnderTest.start(Path.of(options.getString("root")))) {
            measure(
                    options,
                    service,
                    List.of(
                            new BatchThroughput(service.api(), jobs),
                            new SingleSubmissions(service.api(), CLIENTS, seconds),
                            new FixedRate(service.api(), options.getInt("rate"), seconds),
                            new ClaimAndComplete(service.database(), jobs, 500),
                            new ClaimAndComplete(service.database(), Math.max(1, jobs / 20), 1),
                            new Yardstick(service.database(), jobs, threads)));
        }
    }

    private static void events(Namespace options) throws Exception {
        int streams = options.getInt("streams");
        int rate = options.getInt("rate");
        int seconds = options.getInt("seconds");
        try (ServiceUnderTest service = ServiceUnderTest.start(Path.of(options.getString("root")))) {
            List<Measurement> measurements = new ArrayList<>();
            measurements.add(new IdleStreams(service, streams, seconds));
            measurements.add(new StreamDeliveries(service, streams, 0, rate, seconds));
            if (options.getInt("stuck") > 0) {
                measurements.add(new StreamDeliveries(service, streams, options.getInt("stuck"), rate, seconds));
            }
            if (options.getBoolean("highest")) {
                measurements.add(new HighestRate(service, streams, rate, seconds));
            }
            measure(options, service, measurements);
        }
    }

    private static void measure(Namespace options, ServiceUnderTest service, List<Measurement> measurements)
            throws Exception {
        int rounds = options.getInt("rounds");
        Report report = new Report();
        try (ProgressBar bar = bar(options.getString("what"), (rounds + 1L) * measurements.size())) {
            for (int round = 0; round <= rounds; round++) {
                for (Measurement measurement : measurements) {
                    bar.setExtraMessage((round == 0 ? "warming up: " : "round " + round + ": ") + measurement.title());
                    service.api().awaitIdle();
                    List<Measurement.Figure> figures = measurement.run();
                    if (round > 0) {
                        report.add(measurement.title(), figures);
                    }
                    bar.step();
                }
            }
        }
        report.print(System.out);
    }

    private static ProgressBar bar(String what, long steps) {
        return new ProgressBarBuilder()
                .setTaskName("bench " + what)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }

    private static ArgumentParser parser() {
        ArgumentParser parser = ArgumentParsers.newFor("./trayb bench")
                .build()
                .description("Measures on this machine, on loopback only. Let nothing else run meanwhile.");
        Subparsers benchmarks = parser.addSubparsers().dest("what").metavar("WHAT");
        Subparser jobs = benchmarks
                .addParser("jobs")
                .help("the queue: throughput, latency, statements, and db-scheduler as a yardstick")
                .description("Starts a service of its own on embedded engines, and ends it.");
        number(jobs, "--rounds", 5, "how many rounds are counted, after one that isn't");
        number(jobs, "--jobs", 20_000, "how many jobs a round of throughput has");
        number(jobs, "--seconds", 8, "how long a round of single submissions takes");
        number(jobs, "--rate", 200, "submissions a second where their rate is fixed");
        jobs.addArgument("--root").setDefault(".").help(Arguments.SUPPRESS);
        Subparser events = benchmarks
                .addParser("events")
                .help("streams: how long events take to all of them, losses, processor time and memory")
                .description("Starts a service of its own on embedded engines, and ends it.");
        number(events, "--rounds", 3, "how many rounds are counted, after one that isn't");
        number(events, "--streams", 1_000, "how many streams follow all jobs");
        number(events, "--rate", 100, "jobs a second, three events each");
        number(events, "--seconds", 10, "how long a round of each takes");
        events.addArgument("--stuck")
                .metavar("N")
                .type(Integer.class)
                .choices(Arguments.range(0, 10_000))
                .setDefault(0)
                .help("also measure beside so many streams that nobody reads (default: 0)");
        events.addArgument("--highest")
                .action(Arguments.storeTrue())
                .help("also raise the rate until something is lost or the p99 reaches 250 ms");
        events.addArgument("--root").setDefault(".").help(Arguments.SUPPRESS);
        jmh(benchmarks, "monitoring", "the monitoring itself: generating, scraping 10,000 series, recording a request");
        jmh(benchmarks, "keys", "what it costs a request that somebody looks at its API key");
        return parser;
    }

    private static void jmh(Subparsers benchmarks, String what, String help) {
        Subparser parser = benchmarks
                .addParser(what)
                .help(help)
                .description("Runs JMH, each benchmark in JVMs of its own; no service is started.");
        parser.addArgument("--quick")
                .action(Arguments.storeTrue())
                .help("only sees that they run: the figures say nothing");
        parser.addArgument("--root").setDefault(".").help(Arguments.SUPPRESS);
    }

    private static void number(Subparser parser, String option, int otherwise, String help) {
        parser.addArgument(option)
                .metavar("N")
                .type(Integer.class)
                .choices(Arguments.range(1, 1_000_000))
                .setDefault(otherwise)
                .help(help + " (default: " + otherwise + ")");
    }
}
