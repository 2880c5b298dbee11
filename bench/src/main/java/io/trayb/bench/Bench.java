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

/** {@code ./trayb bench jobs|events|cluster|monitoring|keys}: measures the service in rounds and prints medians; parts of it, with JMH. */
public final class Bench {
    private static final int CLIENTS = 64;
    private static final int[] CLUSTER_SIZES = {1, 2, 4};

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
            case "cluster" -> cluster(options);
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
                    List.of(service),
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
            measure(options, List.of(service), measurements);
        }
    }

    /** All clusters run from the beginning to the end, and are measured in turns: what the machine does meanwhile falls on all of them. */
    private static void cluster(Namespace options) throws Exception {
        int seconds = options.getInt("seconds");
        List<ServiceUnderTest> clusters = new ArrayList<>();
        try {
            List<Measurement> measurements = new ArrayList<>();
            for (int processes : CLUSTER_SIZES) {
                ServiceUnderTest cluster = ServiceUnderTest.startCluster(Path.of(options.getString("root")), processes);
                clusters.add(cluster);
                String label = processes == 1 ? "1 process" : processes + " processes";
                for (ClosedCalls.Call call : ClosedCalls.Call.values()) {
                    measurements.add(new Labelled(label, new ClosedCalls(cluster, call, CLIENTS, seconds)));
                }
                measurements.add(new Labelled(
                        label,
                        new StreamDeliveries(cluster, options.getInt("streams"), 0, options.getInt("rate"), seconds)));
            }
            measure(options, clusters, measurements);
        } finally {
            for (ServiceUnderTest cluster : clusters) {
                cluster.close();
            }
        }
    }

    /** Before each measurement all that an earlier one submitted is done. */
    private static void measure(Namespace options, List<ServiceUnderTest> services, List<Measurement> measurements)
            throws Exception {
        int warmUp = options.getInt("warm_up");
        int rounds = options.getInt("rounds");
        Report report = new Report();
        try (ProgressBar bar = bar(options.getString("what"), (long) (warmUp + rounds) * measurements.size())) {
            for (int round = 1 - warmUp; round <= rounds; round++) {
                for (Measurement measurement : measurements) {
                    bar.setExtraMessage((round < 1 ? "warming up: " : "round " + round + ": ") + measurement.title());
                    for (ServiceUnderTest service : services) {
                        service.api().awaitIdle();
                    }
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
        rounds(jobs, 5, 1);
        number(jobs, "--jobs", 20_000, "how many jobs a round of throughput has");
        number(jobs, "--seconds", 8, "how long a round of single submissions takes");
        number(jobs, "--rate", 200, "submissions a second where their rate is fixed");
        jobs.addArgument("--root").setDefault(".").help(Arguments.SUPPRESS);
        Subparser events = benchmarks
                .addParser("events")
                .help("streams: how long events take to all of them, losses, processor time and memory")
                .description("Starts a service of its own on embedded engines, and ends it.");
        rounds(events, 3, 1);
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
        Subparser cluster = benchmarks
                .addParser("cluster")
                .help("what 1, 2 and 4 processes on one port answer in a second, and how long events take")
                .description(
                        "Starts three clusters on embedded engines of their own, measures them in turns, and ends them.");
        rounds(cluster, 5, 3);
        number(cluster, "--seconds", 4, "how long a round of each takes");
        number(cluster, "--streams", 500, "how many streams follow all jobs");
        number(cluster, "--rate", 50, "jobs a second that they follow, three events each");
        cluster.addArgument("--root").setDefault(".").help(Arguments.SUPPRESS);
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

    private static void rounds(Subparser parser, int counted, int warmUp) {
        number(parser, "--rounds", counted, "how many rounds are counted");
        number(parser, "--warm-up", warmUp, "how many go before, and aren't");
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
