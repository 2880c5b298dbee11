package io.trayb;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.trayb.cluster.SupervisorLink;
import io.trayb.http.StrictJson;
import io.trayb.logging.LineNames;
import java.io.InputStream;
import java.util.Objects;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code cluster-process}: one process of a cluster; run by {@code cluster}, which tells it on standard input what it is to be. Its
 * name is on the command line for people, who find it in the list of processes.
 */
final class ClusterProcessCommand extends ServerCommand<TraybConfiguration> {
    /** As the supervisor calls it. */
    static final String NAME = "cluster-process";

    private final InputStream in;
    private @Nullable SupervisorLink supervisor;

    ClusterProcessCommand(TraybApplication application, InputStream in) {
        super(application, NAME, "one process of a cluster; run by `cluster`, not by people");
        this.in = in;
    }

    @Override
    public void configure(Subparser subparser) {
        super.configure(subparser);
        subparser.addArgument("--name").metavar("NAME").help("what it is called");
    }

    @Override
    @SuppressWarnings("unchecked")
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        SupervisorLink link = SupervisorLink.open(in, StrictJson.newMapper());
        supervisor = link;
        link.follow(System::exit);
        Adjustment.install((Bootstrap<TraybConfiguration>) bootstrap, configuration -> {
            configuration.join(link.assignment());
            LineNames.add(configuration.getLoggingFactory(), link.assignment().name());
        });
        super.run(bootstrap, namespace);
    }

    @Override
    protected void run(Environment environment, Namespace namespace, TraybConfiguration configuration)
            throws Exception {
        environment.lifecycle().addServerLifecycleListener(Objects.requireNonNull(supervisor, "supervisor")::serves);
        super.run(environment, namespace, configuration);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable thrown) {
        if (supervisor == null) {
            cli.getStdErr().println(thrown.getMessage());
        } else {
            StartFailure.tell(thrown, cli.getStdErr());
        }
    }
}
