package io.trayb;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import io.trayb.cluster.Cluster;
import io.trayb.cluster.GaveUpException;
import io.trayb.cluster.JavaCommand;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedEngines;
import io.trayb.http.StrictJson;
import io.trayb.logging.LineNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * {@code cluster}: runs several service processes under a supervisor. This process is the supervisor; it starts the embedded engines,
 * if there are any, for all of them.
 */
final class ClusterCommand extends ConfiguredCommand<TraybConfiguration> {
    private static final String SUPERVISOR = "cluster";
    private static final String DESCRIPTION =
            "Runs CLUSTER_WORKERS service processes (a number, or auto for one for each core; 1 by default) that share"
                    + " PORT: the first runs jobs, the others serve the API and events only. Starts again whatever ends by itself."
                    + " SIGHUP replaces the processes one after the other, each by a new one that is ready before the old one leaves;"
                    + " SIGTERM and Ctrl-C end all of them in good order, a second time at once. ADMIN_PORT has /metrics of all"
                    + " processes, each with its name as the label process, and /readyz; JAVA_OPTS are for the processes. Exit code 0"
                    + " when told to stop, 1 when no process can be kept running.";

    private final Map<String, String> environment;

    /** @param environment has {@code JAVA_OPTS} for the processes */
    ClusterCommand(Map<String, String> environment) {
        super(SUPERVISOR, DESCRIPTION);
        this.environment = Map.copyOf(environment);
    }

    @Override
    protected Class<TraybConfiguration> getConfigurationClass() {
        return TraybConfiguration.class;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        Adjustment.install(
                (Bootstrap<TraybConfiguration>) bootstrap,
                configuration -> LineNames.add(configuration.getLoggingFactory(), SUPERVISOR));
        super.run(bootstrap, namespace);
    }

    @Override
    protected void run(Bootstrap<TraybConfiguration> bootstrap, Namespace namespace, TraybConfiguration configuration)
            throws Exception {
        requireLinux();
        StopTime.requireWithinClusters(configuration);
        try (Cluster cluster = new Cluster(
                configuration.cluster(),
                configuration.roles(),
                admin(configuration.server().getAdminConnectors().get(0)),
                StrictJson.newMapper())) {
            for (ConnectorFactory connector : configuration.server().getApplicationConnectors()) {
                cluster.reserve(http(connector));
            }
            runOnEngines(cluster, configuration, command(namespace, cluster.size()));
        }
    }

    private void runOnEngines(Cluster cluster, TraybConfiguration configuration, List<String> command)
            throws Exception {
        PlaceFile file = new PlaceFile(configuration.dataDir(), StrictJson.newMapper());
        EmbeddedEngines engines = engines(configuration);
        cluster.obeySignals();
        try {
            if (engines != null) {
                engines.start();
            }
            cluster.run(
                    command,
                    engines == null ? null : engines.databaseUrlForOthers(),
                    engines == null ? null : engines.redisUrlForOthers(),
                    TraybVersion.current(),
                    file::write);
        } finally {
            file.remove();
            if (engines != null) {
                engines.stop();
            }
        }
    }

    private static @Nullable EmbeddedEngines engines(TraybConfiguration configuration) {
        boolean postgres = configuration.database().url() == null;
        boolean redis = configuration.redis().url() == null;
        return postgres || redis
                ? EmbeddedEngines.prepare(DataDirectory.at(configuration.dataDir()), postgres, redis)
                : null;
    }

    private List<String> command(Namespace namespace, int processes) {
        List<String> arguments = new ArrayList<>(List.of(ClusterProcessCommand.NAME));
        String file = namespace.getString("file");
        if (file != null) {
            arguments.add(file);
        }
        return JavaCommand.of(TraybApplication.class.getName(), arguments, processes, environment);
    }

    private static HttpConnectorFactory http(ConnectorFactory connector) {
        if (connector instanceof HttpConnectorFactory http) {
            return http;
        }
        throw new IllegalArgumentException(
                "cluster shares connectors of the types http and https only; server has another one");
    }

    static HttpConnectorFactory admin(ConnectorFactory connector) {
        HttpConnectorFactory http = http(connector);
        if (http instanceof HttpsConnectorFactory) {
            throw new IllegalArgumentException(
                    "the first of server.adminConnectors is of the type https, must be http: cluster asks its processes there"
                            + " how they are, without TLS; only this machine reaches it");
        }
        return http;
    }

    private static void requireLinux() {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            throw new IllegalArgumentException(
                    "cluster needs Linux, whose kernel spreads connections over the processes that share a"
                            + " port; run ./trayb server here");
        }
    }

    @Override
    public void onError(@Nullable Cli cli, Namespace namespace, Throwable thrown) {
        if (cli == null) {
            throw new IllegalStateException("a command is run by the command line", thrown);
        }
        if (thrown instanceof GaveUpException || thrown instanceof IllegalArgumentException) {
            cli.getStdErr().println("trayb cluster: " + thrown.getMessage());
        } else {
            StartFailure.tell(thrown, cli.getStdErr());
        }
    }
}
