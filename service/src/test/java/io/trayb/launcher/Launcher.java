package io.trayb.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs `./trayb` of this clone. Immutable; each run is a process of its own, with an environment of its own. */
record Launcher(Path script, Path workingFolder, Map<String, String> environment) {
    static final Path ROOT = root();
    private static final long LIMIT_SECONDS = 60;
    /** What the machine that runs the tests may have set and would change the answers. */
    private static final List<String> CLEARED = List.of(
            "PORT",
            "ADMIN_PORT",
            "PROMETHEUS_PORT",
            "ALERTMANAGER_PORT",
            "BIND_HOST",
            "ADMIN_BIND_HOST",
            "DATA_DIR",
            "DATABASE_URL",
            "REDIS_URL",
            "NO_COLOR");

    Launcher {
        environment = Map.copyOf(environment);
    }

    static Launcher inClone() {
        return new Launcher(ROOT.resolve("trayb"), ROOT, Map.of());
    }

    Launcher with(String name, Object value) {
        Map<String, String> extended = new HashMap<>(environment);
        extended.put(name, value.toString());
        return new Launcher(script, workingFolder, extended);
    }

    Launcher calledAs(Path otherScript, Path from) {
        return new Launcher(otherScript, from, environment);
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        return run(command, workingFolder, environment);
    }

    static Ended run(List<String> command, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("launcher", ".out");
        Path err = Files.createTempFile("launcher", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeAll(CLEARED);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroy();
            }
            assertThat(ended).as("%s ends within %d s", command, LIMIT_SECONDS).isTrue();
            return new Ended(process.exitValue(), text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("trayb"))) {
            folder = folder.getParent();
        }
        assertThat(folder).as("a folder above here that has the launcher").isNotNull();
        return folder;
    }

    record Ended(int code, String out, String err) {}
}
