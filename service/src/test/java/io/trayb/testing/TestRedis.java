package io.trayb.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/**
 * The one Redis of this JVM, emptied before each test class that registers it.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestRedis redis = new TestRedis();
 * }</pre>
 */
public final class TestRedis implements BeforeAllCallback {
    /** Lazily started, stopped when the JVM ends. */
    private static final class Engine {
        static final int PORT = start();

        private static int start() {
            try {
                int port = freePort();
                RedisServer server = RedisServer.newRedisServer()
                        .port(port)
                        .bind("127.0.0.1")
                        .setting("save \"\"")
                        .build();
                server.start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "test-redis-stop"));
                return port;
            } catch (IOException e) {
                throw new UncheckedIOException("the tests' Redis didn't start", e);
            }
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }

        private static void stop(RedisServer server) {
            try {
                server.stop();
            } catch (IOException e) {
                throw new UncheckedIOException("the tests' Redis didn't stop", e);
            }
        }
    }

    public int port() {
        return Engine.PORT;
    }

    /** In the form of {@code REDIS_URL}. */
    public String url() {
        return "redis://127.0.0.1:" + Engine.PORT;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        try (RedisClient client = RedisClient.create("127.0.0.1", Engine.PORT)) {
            client.flushAll();
        }
    }
}
