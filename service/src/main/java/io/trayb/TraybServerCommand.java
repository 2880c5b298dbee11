package io.trayb;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server}: runs the service. What stops it from starting is told in a sentence where there is one to tell. */
final class TraybServerCommand extends ServerCommand<TraybConfiguration> {
    TraybServerCommand(TraybApplication application) {
        super(application, "server", "runs the service");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable thrown) {
        Optional<String> sentence = StartFailure.sentence(thrown);
        if (sentence.isPresent()) {
            cli.getStdErr().println(sentence.get());
        } else {
            thrown.printStackTrace(cli.getStdErr());
        }
    }
}
