package io.trayb.bench;

import java.nio.file.Path;
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

/** {@code ./trayb bench jobs}: measures the queue in rounds, beside db-scheduler on the same Postgres, and prints medians. */
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
        jobs(options);
    }

    private static void jobs(Namespace options) throws Exception {
        int jobs = options.getInt("jobs");
        int rounds = options.getInt("rounds");
        int seconds = options.getInt("seconds");
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        Report report = new Report();
        try (ServiceUnderTest service = ServiceUnderTest.start(Path.of(options.getString("root")))) {
            List<Measurement> measurements = List.of(
                    new BatchThroughput(service.api(), jobs),
                    new SingleSubmissions(service.api(), CLIENTS, seconds),
                    new FixedRate(service.api(), options.getInt("rate"), seconds),
                    new ClaimAndComplete(service.database(), jobs, 500),
                    new ClaimAndComplete(service.database(), Math.max(1, jobs / 20), 1),
                    new Yardstick(service.database(), jobs, threads));
            try (ProgressBar bar = bar((rounds + 1L) * measurements.size())) {
                for (int round = 0; round <= rounds; round++) {
                    for (Measurement measurement : measurements) {
                        bar.setExtraMessage(
                                (round == 0 ? "warming up: " : "round " + round + ": ") + measurement.title());
                        service.api().awaitIdle();
                        List<Measurement.Figure> figures = measurement.run();
                        if (round > 0) {
                            report.add(measurement.title(), figures);
                        }
                        bar.step();
                    }
                }
            }
        }
        report.print(System.out);
    }

    private static ProgressBar bar(long steps) {
        return new ProgressBarBuilder()
                .setTaskName("bench jobs")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }

    private static ArgumentParser parser() {
        ArgumentParser parser = ArgumentParsers.newFor("./trayb bench")
                .build()
                .description("Measures on this machine, on loopback only. Let nothing else run meanwhile.");
        Subparser jobs = parser.addSubparsers()
                .dest("what")
                .metavar("WHAT")
                .addParser("jobs")
                .help("the queue: throughput, latency, statements, and db-scheduler as a yardstick")
                .description("Starts a service of its own on embedded engines, and ends it.");
        number(jobs, "--rounds", 5, "how many rounds are counted, after one that isn't");
        number(jobs, "--jobs", 20_000, "how many jobs a round of throughput has");
        number(jobs, "--seconds", 8, "how long a round of single submissions takes");
        number(jobs, "--rate", 200, "submissions a second where their rate is fixed");
        jobs.addArgument("--root").setDefault(".").help(Arguments.SUPPRESS);
        return parser;
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
