package io.trayb.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;

/**
 * A real Redis that keeps nothing on disk: the one of this JVM, emptied before each test class that registers it,
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestRedis redis = new TestRedis();
 * }</pre>
 *
 * <p>or, from {@link #own()}, one of a test's own that may be stopped, paused and made a copy.
 */
public final class TestRedis implements BeforeAllCallback, AutoCloseable {
    /** How it says in {@code INFO} which process it is. */
    private static final String PROCESS_ID = "process_id:";

    /** Lazily started, stopped when the JVM ends. */
    private static final class Shared {
        static final int PORT = start();

        private static int start() {
            int port = freePort();
            RedisServer server = startServer(port);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopServer(server), "test-redis-stop"));
            return port;
        }
    }

    private final int port;
    private final UnifiedJedis client;
    private RedisServer server;

    /** The one of this JVM. */
    @SuppressWarnings("NullAway") // It has no server to stop.
    public TestRedis() {
        port = Shared.PORT;
        client = newClient();
    }

    private TestRedis(int port) {
        this.port = port;
        server = startServer(port);
        client = newClient();
    }

    /** One of a test's own, to be closed at its end. */
    public static TestRedis own() {
        return new TestRedis(freePort());
    }

    public int port() {
        return port;
    }

    /** In the form of {@code REDIS_URL}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public UnifiedJedis client() {
        return client;
    }

    public Connection connect() {
        Connection connection = new Connection(address(), clientConfig());
        connection.connect();
        return connection;
    }

    /** Starts one of a test's own again, empty, on its port. */
    public void start() {
        server = startServer(port);
    }

    /** Stops one of a test's own. */
    public void stop() {
        stopServer(server);
    }

    /** Ends one of a test's own as a power cut would: it gets no chance to do anything. */
    public void kill() {
        long pid;
        try (Connection connection = connect()) {
            connection.sendCommand(Protocol.Command.INFO, "server");
            pid = connection
                    .getBulkReply()
                    .lines()
                    .filter(line -> line.startsWith(PROCESS_ID))
                    .mapToLong(line -> Long.parseLong(line.substring(PROCESS_ID.length())))
                    .findFirst()
                    .orElseThrow();
        }
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        // There is nothing left to stop; it waits until the process is gone.
        stop();
    }

    /** Makes it let everybody wait, itself and its contents unharmed. */
    public void answerNobodyFor(int milliseconds) {
        command("CLIENT", "PAUSE", Integer.toString(milliseconds));
    }

    /** Takes all that it has. */
    public void empty() {
        command("FLUSHALL");
    }

    /** Makes it a copy of another, and awaits that it has as much of a stream as the other has. */
    public void replicate(TestRedis primary, String stream) {
        command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port));
        await().until(() -> primary.client.xlen(stream) == client.xlen(stream));
    }

    /** Makes a copy follow a primary that isn't there: it goes on with what it has, and gets nothing more. */
    public void followNobody() {
        command("REPLICAOF", "127.0.0.1", "1");
    }

    /** Makes a copy a primary. */
    public void promote() {
        command("REPLICAOF", "NO", "ONE");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        client.flushAll();
    }

    @Override
    public void close() {
        client.close();
        stop();
    }

    private void command(String name, String... arguments) {
        try (Connection connection = connect()) {
            connection.sendCommand(Protocol.Command.valueOf(name), arguments);
            connection.getStatusCodeReply();
        }
    }

    private UnifiedJedis newClient() {
        return RedisClient.builder()
                .hostAndPort(address())
                .clientConfig(clientConfig())
                .build();
    }

    private HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    private static DefaultJedisClientConfig clientConfig() {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(1000)
                .socketTimeoutMillis(1000)
                .build();
    }

    private static RedisServer startServer(int port) {
        try {
            RedisServer server = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .setting("appendonly no")
                    // Streams are trimmed by whole nodes; small ones make a short log trim soon.
                    .setting("stream-node-max-entries 10")
                    .build();
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("the tests' Redis didn't start", e);
        }
    }

    private static void stopServer(RedisServer server) {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException("the tests' Redis didn't stop", e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("the tests' Redis has no port", e);
        }
    }
}
