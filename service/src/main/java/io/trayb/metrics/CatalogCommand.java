package io.trayb.metrics;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.deployed.UnreachableException;
import io.trayb.monitoring.setup.Setup;
import java.io.PrintStream;
import java.util.function.BiFunction;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * A command on the catalogue as the configuration has it, for what is committed or for an environment. It says a line for each
 * difference that it finds, and fails when there is one.
 *
 * @param <T> the service's configuration
 */
abstract class CatalogCommand<T extends Configuration> extends ConfiguredCommand<T> {
    private static final String ENVIRONMENT = "env";

    private final Class<T> configurationClass;
    private final BiFunction<T, @Nullable String, Setup> setup;
    private final PrintStream out;

    /**
     * A command.
     *
     * @param setup what the configuration says of an environment, or, without one, of what is committed
     * @param out takes a line for each difference
     */
    CatalogCommand(
            String name,
            String description,
            Class<T> configurationClass,
            BiFunction<T, @Nullable String, Setup> setup,
            PrintStream out) {
        super(name, description);
        this.configurationClass = configurationClass;
        this.setup = setup;
        this.out = out;
    }

    @Override
    protected final Class<T> getConfigurationClass() {
        return configurationClass;
    }

    final PrintStream out() {
        return out;
    }

    static void addEnvironment(Subparser subparser, String help) {
        subparser.addArgument("--" + ENVIRONMENT).metavar("NAME").help(help);
    }

    /** The environment that was asked for; null for what is committed. */
    static @Nullable String environment(Namespace namespace) {
        return namespace.getString(ENVIRONMENT);
    }

    final Catalog catalog(Namespace namespace, T configuration) {
        return TraybCatalog.in(setup.apply(configuration, environment(namespace)));
    }

    @Override
    public final void onError(Cli cli, Namespace namespace, Throwable e) {
        if (e instanceof Differs) {
            // Each difference has been said; a stack trace would add nothing.
            return;
        }
        if (e instanceof ConfigurationException
                || e instanceof IllegalArgumentException
                || e instanceof UnreachableException) {
            cli.getStdErr().println(e.getMessage());
            return;
        }
        super.onError(cli, namespace, e);
    }

    /** Makes the command fail. */
    static final class Differs extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Differs(String message) {
            super(message);
        }
    }
}
