package io.trayb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine's process: one that was started here, or one that an earlier service left behind when it was killed.
 *
 * @param name what the engine is called in sentences
 * @param handle the process
 * @param log where its output goes
 */
record EngineProcess(String name, ProcessHandle handle, Path log) {
    private static final Logger LOGGER = LoggerFactory.getLogger(EngineProcess.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    /** How often a starting engine is asked whether it is ready; a tenth of what a start takes. */
    private static final Duration POLL = Duration.ofMillis(15);

    private static final int LOG_LIMIT = 10 * 1024 * 1024;

    /** Starts it in a session of its own; its output is appended to the log. */
    static EngineProcess start(String name, List<String> command, Path log) {
        try {
            startLogAnew(log);
            Process process = new ProcessBuilder(Launch.detached(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process.getOutputStream().close();
            return new EngineProcess(name, process.toHandle(), log);
        } catch (IOException e) {
            throw new EmbeddedException("the embedded " + name + " can't be started: " + e.getMessage(), e);
        }
    }

    /**
     * The process of that id, if it is still the engine that wrote the id down and no stranger that got the number later.
     *
     * @param mark a part of the command line that only this engine on this directory has
     */
    static Optional<EngineProcess> find(String name, long pid, String mark, Path log) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info().commandLine().orElse("").contains(mark))
                .map(handle -> new EngineProcess(name, handle, log));
    }

    /**
     * Waits until it is ready.
     *
     * @throws EmbeddedException when it ends before, or takes longer; with the last lines of its log
     */
    void awaitReady(BooleanSupplier ready, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!ready.getAsBoolean()) {
            if (ended(POLL)) {
                throw new EmbeddedException(
                        "the embedded " + name + " ended while it was starting; " + lastLines(), null);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new EmbeddedException(
                        "the embedded " + name + " wasn't ready within " + patience.toSeconds() + " s; " + lastLines(),
                        null);
            }
        }
    }

    /** Waits until it has done its work and ended; kills it when it takes longer. */
    void awaitEnd(Duration patience) {
        if (!ended(patience)) {
            handle.destroyForcibly();
            throw new EmbeddedException(
                    name + " didn't end within " + patience.toSeconds() + " s; " + lastLines(), null);
        }
    }

    /** Sends it a signal by name, such as INT; Java itself knows TERM and KILL only. */
    void signal(String signal) {
        try {
            // kill is built into every POSIX shell; the program of that name isn't on every machine.
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + handle.pid()).start();
            kill.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks it to end, and waits until it has; kills it when it takes longer than half a minute. */
    void stop(String signal) {
        signal(signal);
        if (!ended(STOP_PATIENCE)) {
            LOGGER.warn(
                    "The embedded {} (process {}) didn't stop within {}; killing it",
                    name,
                    handle.pid(),
                    STOP_PATIENCE);
            handle.destroyForcibly();
            ended(STOP_PATIENCE);
        }
    }

    private boolean ended(Duration patience) {
        try {
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !handle.isAlive();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !handle.isAlive();
        }
    }

    /** What it said last, for a sentence; its own words are what names a full disk or a taken port. */
    String lastLines() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
            return "the end of " + log + ":\n  "
                    + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "its log " + log + " can't be read";
        }
    }

    private static void startLogAnew(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
            Files.delete(log);
        }
    }
}
