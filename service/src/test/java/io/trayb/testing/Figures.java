package io.trayb.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What tests measure and don't assert: a line each in {@code target/safety/figures.txt}. */
public final class Figures {
    private static final Path FILE = Path.of("target", "safety", "figures.txt");

    private Figures() {}

    /** Adds a line. */
    public static void note(String figure) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, figure + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
