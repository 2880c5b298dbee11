package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;

/**
 * The redis-server that this machine has, with settings of a test's own, for what the embedded one can't: TLS and a cluster. It keeps
 * nothing.
 */
public final class RedisProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LAST_SLOT = 16_383;

    private final Process process;
    private final int port;
    private final int plainPort;

    private RedisProgram(Process process, int port, int plainPort) {
        this.process = process;
        this.port = port;
        this.plainPort = plainPort;
    }

    /** One that shows a certificate at its port, and asks for none. */
    public static RedisProgram encrypted(Path folder, TestCertificate certificate) throws IOException {
        int port = TestRedis.freePort();
        return start(
                folder,
                port,
                TestRedis.freePort(),
                "tls-port " + port,
                "tls-cert-file " + certificate.certificate(),
                "tls-key-file " + certificate.key(),
                "tls-ca-cert-file " + certificate.certificate(),
                "tls-auth-clients no");
    }

    /** A cluster of one, which has all slots: it refuses whatever reaches into several at once, as a larger one does. */
    public static RedisProgram cluster(Path folder) throws IOException {
        int port = TestRedis.freePort();
        RedisProgram started = start(folder, port, port, "cluster-enabled yes");
        try (Jedis jedis = started.behindTheBack()) {
            jedis.clusterAddSlotsRange(0, LAST_SLOT);
            await().atMost(PATIENCE).until(() -> jedis.clusterInfo().contains("cluster_state:ok"));
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static RedisProgram start(Path folder, int port, int plainPort, String... settings) throws IOException {
        Path own = Files.createDirectories(folder.resolve("redis-" + port));
        List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1", "port " + plainPort, "dir " + own, "save \"\"", "appendonly no", "daemonize no"));
        lines.addAll(List.of(settings));
        Path file = Files.write(own.resolve("redis.conf"), lines);
        Path log = own.resolve("log");
        Process process = new ProcessBuilder(Programs.find("redis-server").toString(), file.toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        RedisProgram started = new RedisProgram(process, port, plainPort);
        try {
            await().atMost(PATIENCE).until(() -> !process.isAlive() || started.listens());
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
        return started;
    }

    /** Where services reach it. */
    public int port() {
        return port;
    }

    /** A connection of the test's own, which is neither encrypted nor restricted. */
    public Jedis behindTheBack() {
        return new Jedis("127.0.0.1", plainPort);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), plainPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }
}
