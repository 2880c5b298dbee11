package io.trayb.monitoring;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A program that a test runs for real. It isn't skipped where it is missing: that is a failure that says what to install. */
public enum Tool {
    PROMTOOL("promtool", "prometheus"),
    AMTOOL("amtool", "prometheus-alertmanager"),
    NODE("node", "nodejs"),
    NPM("npm", "npm");

    private final String program;
    private final String debianPackage;

    Tool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /** What a run came to: its exit code, and all that it wrote. */
    public record Outcome(int exitCode, String output) {}

    /** Runs it in a directory and waits for its end. */
    public Outcome run(Path directory, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(path().toString());
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }

    private Path path() {
        String folders = System.getProperty("trayb.tools.path", "") + File.pathSeparator + System.getenv("PATH");
        return Stream.of(folders)
                .flatMap(all -> Arrays.stream(all.split(File.pathSeparator, -1)))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(program + " must be on the PATH (or in -Dtrayb.tools.path) for this"
                                + " test; `./trayb test` installs it, as does the Debian package " + debianPackage));
    }
}
