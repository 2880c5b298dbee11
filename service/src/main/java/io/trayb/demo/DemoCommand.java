package io.trayb.demo;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code demo}: submits a mixed load of sample jobs to a running service and shows their progress live. Needs no configuration file. Ends
 * with exit code 0 when every job ended as it was meant to (some are meant to fail), else with 1 and a sentence.
 */
public final class DemoCommand extends Command {
    private static final int DEFAULT_JOBS = 60;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final LongSupplier nanoTime = System::nanoTime;

    /** With this process's environment and standard output. */
    public DemoCommand() {
        this(System.getenv(), System.out);
    }

    DemoCommand(Map<String, String> environment, PrintStream out) {
        super("demo", "Submits a mixed load of sample jobs to a running service and shows them live.");
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    @Override
    public void configure(Subparser subparser) {
        subparser
                .addArgument("--url")
                .metavar("URL")
                .help("the service (default: PORT, else the port that a running service notes in DATA_DIR, else 8080)");
        subparser
                .addArgument("--key")
                .metavar("KEY")
                .help("an API key with the scopes submit and read (default: TRAYB_KEY)");
        subparser
                .addArgument("--jobs")
                .metavar("N")
                .type(Integer.class)
                .setDefault(DEFAULT_JOBS)
                .help("how many, 1 to " + SampleLoad.MOST + " (default: " + DEFAULT_JOBS + ")");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws InterruptedException {
        List<SampleJob> load = SampleLoad.of(namespace.getInt("jobs"));
        TraybClient client =
                new TraybClient(new ServiceAddress(environment).resolve(namespace.getString("url")), key(namespace));
        long begun = nanoTime.getAsLong();
        out.println("Submitting " + load.size() + " jobs to " + client.service());
        Scoreboard board;
        try (Display display = display()) {
            board = new Demo(client, nanoTime).run(load, display);
        }
        Report.of(board, Duration.ofNanos(nanoTime.getAsLong() - begun)).forEach(out::println);
        List<String> surprises = board.surprises();
        if (!surprises.isEmpty()) {
            throw new DemoException("not all ended as they were meant to: " + String.join("; ", surprises));
        }
    }

    private @Nullable String key(Namespace namespace) {
        String key = namespace.getString("key");
        if (key == null) {
            key = environment.get("TRAYB_KEY");
        }
        return key == null || key.isBlank() ? null : key;
    }

    private Display display() {
        return Terminals.onStandardOutput(environment) ? new BarDisplay(out) : new LineDisplay(out, nanoTime);
    }

    /** A sentence instead of a stack trace: whatever ends the demo is about the service or the options, seldom about this code. */
    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        if (e instanceof DemoException) {
            cli.getStdErr().println("demo: " + e.getMessage());
        } else {
            super.onError(cli, namespace, e);
        }
    }
}
