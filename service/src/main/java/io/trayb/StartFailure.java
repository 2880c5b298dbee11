package io.trayb;

import io.dropwizard.configuration.ConfigurationException;
import io.trayb.embedded.EmbeddedException;
import io.trayb.keys.ring.NoKeysException;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.stream.Stream;

/** What to tell whoever started a command that failed; what isn't known here is told by its stack trace. */
final class StartFailure {
    private StartFailure() {}

    static Optional<String> sentence(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(50)
                .map(StartFailure::known)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Prints the sentence, or the stack trace where there is none. */
    static void tell(Throwable thrown, PrintWriter out) {
        sentence(thrown).ifPresentOrElse(out::println, () -> thrown.printStackTrace(out));
    }

    private static Optional<String> known(Throwable cause) {
        if (cause instanceof ConfigurationException
                || cause instanceof EmbeddedException
                || cause instanceof NoKeysException) {
            return Optional.of(String.valueOf(cause.getMessage()).strip());
        }
        if (cause instanceof BindException) {
            return Optional.of("a port is in use or not allowed (" + cause.getMessage()
                    + "); set PORT and ADMIN_PORT to others, or to 0 for any free one");
        }
        if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
            return Optional.of("the file " + cause.getMessage() + " is not there");
        }
        return Optional.empty();
    }
}
