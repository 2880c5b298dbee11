package io.trayb.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/** The real HAProxy with the settings that are shipped in infra/, before two nodes: on a free port of loopback. */
public final class TestHaProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final Path statistics;

    private TestHaProxy(Process process, int port, Path statistics) {
        this.process = process;
        this.port = port;
        this.statistics = statistics;
    }

    /**
     * Starts it.
     *
     * @param folder for its files; there already
     * @param firstNode the port of one node, and {@code secondNode} that of the other; both may come later
     */
    public static TestHaProxy before(Path folder, int firstNode, int secondNode) throws IOException {
        int port = freePort();
        Path statistics = folder.resolve("haproxy.sock");
        Path log = folder.resolve("haproxy.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Programs.find("haproxy").toString(), "-db", "-f", "../infra/haproxy/haproxy.cfg")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "TRAYB_BIND", "127.0.0.1:" + port,
                        "TRAYB_STATS", statistics.toString(),
                        "TRAYB_NODE_1", "127.0.0.1:" + firstNode,
                        "TRAYB_NODE_2", "127.0.0.1:" + secondNode));
        TestHaProxy started = new TestHaProxy(builder.start(), port, statistics);
        try {
            await().atMost(PATIENCE).until(() -> !started.process.isAlive() || started.accepts());
        } catch (ConditionTimeoutException e) {
            started.close();
            throw new IllegalStateException("HAProxy doesn't listen; " + LogTail.of(log), e);
        }
        if (!started.process.isAlive()) {
            throw new IllegalStateException(
                    "HAProxy ended with exit code " + started.process.exitValue() + "; " + LogTail.of(log));
        }
        return started;
    }

    /** Where clients come in. */
    public int port() {
        return port;
    }

    /** How many nodes get requests because their readiness says so. */
    public long readyNodes() throws IOException {
        return statistics().stream()
                .filter(line -> line.matches("nodes,node.*,UP,.*"))
                .count();
    }

    /** How many requests it has sent again that a node had answered. */
    public long repetitions() throws IOException {
        return total("wretr");
    }

    private long total(String counter) throws IOException {
        List<String> lines = statistics();
        int column = List.of(lines.get(0).split(",", -1)).indexOf(counter);
        return lines.stream()
                .filter(line -> line.matches("(nodes|unready_nodes),BACKEND,.*"))
                .mapToLong(line -> Long.parseLong(line.split(",", -1)[column]))
                .sum();
    }

    /** The names of the columns, and a line for each that it counts for. */
    private List<String> statistics() throws IOException {
        return ask("show stat").lines().toList();
    }

    private String ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(statistics))) {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        process.destroy();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("the test's HAProxy has no port", e);
        }
    }
}
