package io.trayb.metrics;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.generate.Generate;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.setup.Setup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
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
public final class GenerateCommand<T extends Configuration> extends CatalogCommand<T> {
    private static final String CHECK = "check";
    private static final String ROOT = "root";
    private static final String FORMAT = "format";
    private static final String PROMETHEUS = "prometheus";
    private static final String KUBERNETES = "kubernetes";

    private final Supplier<Map<String, String>> documents;

    /**
     * The command.
     *
     * @param setup what the configuration says of an environment, or, without one, of what is committed
     * @param documents what else is generated and committed, by its path; no part of a deployment
     * @param out takes a line for each file
     */
    public GenerateCommand(
            Class<T> configurationClass,
            BiFunction<T, @Nullable String, Setup> setup,
            Supplier<Map<String, String>> documents,
            PrintStream out) {
        super(
                "generate",
                "Writes the rules, dashboards, routes and documents that follow from the declarations",
                configurationClass,
                setup,
                out);
        this.documents = documents;
    }

    @Override
    public void configure(Subparser subparser) {
        super.configure(subparser);
        subparser
                .addArgument("--" + CHECK)
                .action(Arguments.storeTrue())
                .help("write nothing; say which files differ, and fail if any does");
        subparser.addArgument("--" + ROOT).setDefault(".").help("the root of the repository (default: here)");
        addEnvironment(
                subparser,
                "an environment of the configuration: writes what is deployed there below environments/NAME/");
        subparser
                .addArgument("--" + FORMAT)
                .choices(PROMETHEUS, KUBERNETES)
                .setDefault(PROMETHEUS)
                .help("kubernetes writes the rules alone, as a PrometheusRule for the Prometheus operator");
    }

    @Override
    protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration) throws IOException {
        boolean check = namespace.getBoolean(CHECK);
        if (!Generate.run(generator(namespace, configuration), check, out())) {
            throw new Differs("generated files differ from the code");
        }
    }

    private Generator generator(Namespace namespace, T configuration) throws IOException {
        Path root = Path.of(namespace.getString(ROOT));
        String environment = environment(namespace);
        Catalog catalog = catalog(namespace, configuration);
        boolean kubernetes = namespace.getString(FORMAT).equals(KUBERNETES);
        if (environment == null) {
            return kubernetes
                    ? Generator.ofKubernetes(root, catalog)
                    : new Generator(root, catalog).with(documents.get());
        }
        Path folder = Files.createDirectories(root.resolve("environments").resolve(environment));
        return kubernetes ? Generator.ofKubernetes(folder, catalog) : Generator.ofDeployment(folder, catalog);
    }
}
