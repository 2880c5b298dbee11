package io.trayb;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server}: runs the service. What stops it from starting is told in a sentence where there is one to tell. */
final class TraybServerCommand extends ServerCommand<TraybConfiguration> {
    TraybServerCommand(TraybApplication application) {
        super(application, "server", "runs the service");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable thrown) {
        StartFailure.tell(thrown, cli.getStdErr());
    }
}
