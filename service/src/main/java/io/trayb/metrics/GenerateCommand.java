package io.trayb.metrics;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.generate.Generate;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.setup.Setup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code generate [--check] [--env NAME] [--format kubernetes] [--root DIR] [FILE]}: writes the files that are generated from the
 * declarations, or says which of them differ and fails. Thresholds, contacts and addresses are those of the configuration that
 * the service would start with.
 *
 * @param <T> the service's configuration
 */
public final class GenerateCommand<T extends Configuration> extends ConfiguredCommand<T> {
    private static final String CHECK = "check";
    private static final String ROOT = "root";
    private static final String ENVIRONMENT = "env";
    private static final String FORMAT = "format";
    private static final String PROMETHEUS = "prometheus";
    private static final String KUBERNETES = "kubernetes";

    private final Class<T> configurationClass;
    private final BiFunction<T, @Nullable String, Setup> setup;
    private final PrintStream out;

    /**
     * The command.
     *
     * @param setup what the configuration says of an environment, or, without one, of what is committed
     * @param out takes a line for each file
     */
    public GenerateCommand(Class<T> configurationClass, BiFunction<T, @Nullable String, Setup> setup, PrintStream out) {
        super("generate", "Writes the rules, dashboards, routes and documents that follow from the declarations");
        this.configurationClass = configurationClass;
        this.setup = setup;
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
        subparser
                .addArgument("--" + ENVIRONMENT)
                .metavar("NAME")
                .help("an environment of the configuration: writes what is deployed there below environments/NAME/");
        subparser
                .addArgument("--" + FORMAT)
                .choices(PROMETHEUS, KUBERNETES)
                .setDefault(PROMETHEUS)
                .help("kubernetes writes the rules alone, as a PrometheusRule for the Prometheus operator");
    }

    @Override
    protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration) throws IOException {
        boolean check = namespace.getBoolean(CHECK);
        if (!Generate.run(generator(namespace, configuration), check, out)) {
            throw new FilesDiffer();
        }
    }

    private Generator generator(Namespace namespace, T configuration) throws IOException {
        Path root = Path.of(namespace.getString(ROOT));
        String environment = namespace.getString(ENVIRONMENT);
        Catalog catalog = TraybCatalog.in(setup.apply(configuration, environment));
        boolean kubernetes = namespace.getString(FORMAT).equals(KUBERNETES);
        if (environment == null) {
            return kubernetes ? Generator.ofKubernetes(root, catalog) : new Generator(root, catalog);
        }
        Path folder = Files.createDirectories(root.resolve("environments").resolve(environment));
        return kubernetes ? Generator.ofKubernetes(folder, catalog) : Generator.ofDeployment(folder, catalog);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        if (e instanceof FilesDiffer) {
            // Each difference has been said; a stack trace would add nothing.
            return;
        }
        if (e instanceof ConfigurationException || e instanceof IllegalArgumentException) {
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
