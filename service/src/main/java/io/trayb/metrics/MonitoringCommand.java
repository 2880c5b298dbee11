package io.trayb.metrics;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.trayb.monitoring.deployed.DeployedDashboards;
import io.trayb.monitoring.deployed.DeployedRoutes;
import io.trayb.monitoring.deployed.DeployedRules;
import io.trayb.monitoring.deployed.Deviation;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.setup.Setup;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code monitoring diff}: says in what Prometheus, Alertmanager and Grafana's folder differ from what this build would
 * generate, a line for each difference, and fails if they do.
 *
 * @param <T> the service's configuration
 */
public final class MonitoringCommand<T extends Configuration> extends CatalogCommand<T> {
    private static final String PROMETHEUS = "prometheus";
    private static final String ALERTMANAGER = "alertmanager";
    private static final String GRAFANA = "grafana_dir";

    /**
     * The command.
     *
     * @param setup what the configuration says of an environment, or, without one, of what is committed
     * @param out takes a line for each difference
     */
    public MonitoringCommand(
            Class<T> configurationClass, BiFunction<T, @Nullable String, Setup> setup, PrintStream out) {
        super(
                "monitoring",
                "Says what differs between what is deployed and what this build would generate",
                configurationClass,
                setup,
                out);
    }

    @Override
    public void configure(Subparser subparser) {
        subparser.addArgument("action").choices("diff").help("diff: compare, and fail if anything differs");
        super.configure(subparser);
        subparser.addArgument("--prometheus").metavar("URL").help("compare the rules that this Prometheus has loaded");
        subparser
                .addArgument("--alertmanager")
                .metavar("URL")
                .help("compare the routes, inhibitions, hours and receivers that this Alertmanager has loaded");
        subparser
                .addArgument("--grafana-dir")
                .metavar("DIR")
                .dest(GRAFANA)
                .help("compare the dashboards in the folder that Grafana reads");
        addEnvironment(subparser, "an environment of the configuration (default: what is committed)");
    }

    @Override
    protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration) throws InterruptedException {
        Artifacts artifacts = Artifacts.of(catalog(namespace, configuration));
        String prometheus = namespace.getString(PROMETHEUS);
        String alertmanager = namespace.getString(ALERTMANAGER);
        String grafana = namespace.getString(GRAFANA);
        if (prometheus == null && alertmanager == null && grafana == null) {
            throw new IllegalArgumentException(
                    "say what to compare: --prometheus URL, --alertmanager URL, --grafana-dir DIR, or several of them");
        }
        List<Deviation> deviations = new ArrayList<>();
        if (prometheus != null) {
            deviations.addAll(new DeployedRules(artifacts.rules()).compare(URI.create(prometheus)));
        }
        if (alertmanager != null) {
            deviations.addAll(new DeployedRoutes(artifacts.routes()).compare(URI.create(alertmanager)));
        }
        if (grafana != null) {
            deviations.addAll(new DeployedDashboards(artifacts.dashboards()).compare(Path.of(grafana)));
        }
        deviations.forEach(out()::println);
        if (!deviations.isEmpty()) {
            out().println(deviations.size() + (deviations.size() == 1 ? " difference" : " differences"));
            throw new Differs("what is deployed differs");
        }
        out().println("what is deployed is what this build would generate");
    }
}
