package io.trayb.metrics;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.generate.Generate;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code generate [--check] [--root DIR] [FILE]}: writes the files that are generated from the declarations, or says which of
 * them differ and fails. The thresholds are those of the configuration that the service would start with.
 *
 * @param <T> the service's configuration
 */
public final class GenerateCommand<T extends Configuration> extends ConfiguredCommand<T> {
    private static final String CHECK = "check";
    private static final String ROOT = "root";

    private final Class<T> configurationClass;
    private final Function<T, Map<String, Double>> thresholds;
    private final PrintStream out;

    /**
     * The command.
     *
     * @param thresholds what the configuration sets otherwise than the code, by the threshold's name
     * @param out takes a line for each file
     */
    public GenerateCommand(Class<T> configurationClass, Function<T, Map<String, Double>> thresholds, PrintStream out) {
        super("generate", "Writes the rules, dashboards, routes and documents that follow from the declarations");
        this.configurationClass = configurationClass;
        this.thresholds = thresholds;
        this.out = out;
    }

    @Override
    protected Class<T> getConfigurationClass() {
        return configurationClass;
    }

    @Override
    public void configure(Subparser subparser) {
        super.configure(subparser);
        subparser
                .addArgument("--" + CHECK)
                .action(Arguments.storeTrue())
                .help("write nothing; say which files differ, and fail if any does");
        subparser.addArgument("--" + ROOT).setDefault(".").help("the root of the repository (default: here)");
    }

    @Override
    protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration) throws IOException {
        boolean check = namespace.getBoolean(CHECK);
        Path root = Path.of(namespace.getString(ROOT));
        if (!Generate.run(TraybCatalog.with(thresholds.apply(configuration)), root, check, out)) {
            throw new FilesDiffer();
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        if (e instanceof FilesDiffer) {
            // Each difference has been said; a stack trace would add nothing.
            return;
        }
        if (e instanceof ConfigurationException) {
            cli.getStdErr().println(e.getMessage());
            return;
        }
        super.onError(cli, namespace, e);
    }

    /** Makes the command fail. */
    static final class FilesDiffer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FilesDiffer() {
            super("generated files differ from the code");
        }
    }
}
