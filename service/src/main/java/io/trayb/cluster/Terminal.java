package io.trayb.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the terminal that we were started on is still there. SIGHUP says two things: what an operator sends means a rolling
 * restart; what the kernel sends when somebody closes the terminal's window means that nobody wants us any more.
 */
final class Terminal {
    /** Can be opened only by who has a terminal. */
    private static final Path OURS = Path.of("/dev/tty");

    private final boolean hadOne = isThere();

    boolean isGone() {
        return hadOne && !isThere();
    }

    private static boolean isThere() {
        try {
            Files.newInputStream(OURS).close();
            return true;
        } catch (IOException e) {
            // There is none, which is what was asked.
            return false;
        }
    }
}
