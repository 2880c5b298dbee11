package io.trayb.events;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;

/** A Redis of a test's own, that can be stopped and started again on the same port. Keeps nothing on disk. */
public final class TestRedis implements AutoCloseable {
    private final int port = freePort();
    private RedisServer server;
    private final UnifiedJedis client;

    public TestRedis() {
        start();
        client = RedisClient.builder()
                .hostAndPort(address())
                .clientConfig(clientConfig())
                .build();
    }

    public void start() {
        try {
            server = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .setting("appendonly no")
                    // Trimming goes by whole nodes; small ones make a short log trim soon.
                    .setting("stream-node-max-entries 10")
                    .build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Makes it let everybody wait, itself and its data unharmed. */
    void answerNobodyFor(int milliseconds) {
        command("CLIENT", "PAUSE", Integer.toString(milliseconds));
    }

    /** Makes it a copy of another, and awaits that it has what the other had. */
    void replicate(TestRedis primary) {
        command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port));
        await().until(() -> primary.client.xlen(RedisLog.KEY) == client.xlen(RedisLog.KEY));
    }

    /** Makes a copy a primary. */
    void promote() {
        command("REPLICAOF", "NO", "ONE");
    }

    UnifiedJedis client() {
        return client;
    }

    Connection connect() {
        Connection connection = new Connection(address(), clientConfig());
        connection.connect();
        return connection;
    }

    private void command(String name, String... arguments) {
        try (Connection connection = connect()) {
            connection.sendCommand(Protocol.Command.valueOf(name), arguments);
            connection.getStatusCodeReply();
        }
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

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        stop();
    }
}
