package io.trayb.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether standard output is a terminal that can move its cursor. */
final class Terminals {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private Terminals() {}

    /**
     * {@link System#console()} can't tell: it wants standard input to be a terminal as well, and since JDK 22 it may be there
     * without any.
     */
    static boolean onStandardOutput(Map<String, String> environment) {
        String kind = environment.getOrDefault("TERM", "dumb");
        if (kind.equals("dumb") || !Files.isSymbolicLink(STANDARD_OUTPUT)) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            throw new DemoException("cannot tell what standard output is", e);
        }
    }
}
