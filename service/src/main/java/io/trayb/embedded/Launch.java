package io.trayb.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How an engine is started so that it outlives neither too little nor too much. */
final class Launch {
    private Launch() {}

    /**
     * In a session of its own: Ctrl-C in the terminal reaches the service only, which then stops its engines when the last
     * job has been put away.
     */
    static List<String> detached(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("setsid"));
        whole.addAll(command);
        return whole;
    }

    /**
     * Postgres refuses to run as root. In a user namespace of its own it is nobody, while its files stay root's; that needs
     * neither an account nor a change of owners, and works below directories that only root may enter.
     *
     * @throws EmbeddedException for root on a machine that doesn't allow user namespaces
     */
    static List<String> notAsRoot(List<String> command) {
        if (!runsAsRoot()) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("unshare", "--user"));
        if (!succeeds(List.of("unshare", "--user", "true"))) {
            throw new EmbeddedException(
                    "Postgres doesn't run as root, and this machine allows no user namespaces (unshare --user fails);"
                            + " start Trayb as an ordinary user, or set DATABASE_URL",
                    null);
        }
        whole.addAll(command);
        return whole;
    }

    private static boolean runsAsRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException | UnsupportedOperationException e) {
            throw new EmbeddedException("can't find out which user this process runs as: " + e.getMessage(), e);
        }
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            // There is no such command: the answer is no.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while Postgres was being started", e);
        }
    }
}
