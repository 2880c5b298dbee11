package io.trayb.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts service processes as processes of this machine. Not thread-safe. */
final class ChildLauncher implements Launcher {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChildLauncher.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final List<String> command;
    private final List<Integer> ports;
    private final String adminHost;
    private final @Nullable String databaseUrl;
    private final @Nullable String redisUrl;
    private final ObjectMapper json;
    private final LongSupplier nanoTime;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    /**
     * @param command starts a process; its name is added
     * @param ports what all of them share
     * @param adminHost where their admin ports are, as URLs have it
     * @param databaseUrl the embedded Postgres that all of them share, if there is one
     * @param redisUrl the embedded Redis that all of them share, if there is one
     */
    ChildLauncher(
            List<String> command,
            List<Integer> ports,
            String adminHost,
            @Nullable String databaseUrl,
            @Nullable String redisUrl,
            ObjectMapper json,
            LongSupplier nanoTime) {
        this.command = List.copyOf(command);
        this.ports = List.copyOf(ports);
        this.adminHost = adminHost;
        this.databaseUrl = databaseUrl;
        this.redisUrl = redisUrl;
        this.json = json;
        this.nanoTime = nanoTime;
    }

    /** What it prints goes where our own output goes, also after our end. */
    @Override
    public Child start(Member member) throws IOException {
        List<String> named = new ArrayList<>(command);
        named.addAll(List.of("--name", member.name()));
        Path directory = Files.createTempDirectory("trayb-" + member.name() + "-");
        Process process = null;
        try {
            process = new ProcessBuilder(named)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Child child = new ChildProcess(member.name(), process, directory, adminHost, client, json, nanoTime);
            tell(process.getOutputStream(), assignment(member, directory));
            return child;
        } catch (IOException | RuntimeException | Error e) {
            // Also an Error: Java says so that the machine gives no thread for a process. Later it may.
            if (process != null) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(directory);
            throw e instanceof IOException io ? io : new IOException(e.toString(), e);
        }
    }

    private Assignment assignment(Member member, Path directory) {
        return new Assignment(
                member.name(), member.roles().names(), ports, databaseUrl, redisUrl, directory.toString());
    }

    /** Into the pipe's buffer: nobody has to read it yet. */
    private void tell(OutputStream orders, Assignment assignment) throws IOException {
        byte[] line = (json.writeValueAsString(assignment) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            orders.write(line);
            orders.flush();
        } catch (IOException e) {
            // It has ended already, which is noticed as any other end.
            LOGGER.debug("{} wasn't told what it is", assignment, e);
        }
    }
}
