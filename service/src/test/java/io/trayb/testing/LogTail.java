package io.trayb.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a program's log, for whoever has to find out why it didn't come up. */
final class LogTail {
    private static final int LINES = 40;

    private LogTail() {}

    /** Its last lines, below a line that says whose they are. */
    static String of(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "it has written no log: " + log;
        }
        List<String> lines = Files.readAllLines(log);
        return "the end of " + log + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
