package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.Programs;
import io.trayb.testing.TestHaProxy;
import io.trayb.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes behind the real HAProxy and the real nginx, with the settings that are shipped in infra/. */
final class LoadBalancerTest {
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);
    private static final String STREAM = "/api/v1/events?topic=jobs";
    private static final int STREAMS = Boolean.getBoolean("trayb.long") ? 2_000 : 200;
    private static final EventsConfiguration CONFIGURATION = EventsConfiguration.of(
            true,
            null,
            null,
            null,
            null,
            null,
            DataSize.kibibytes(64),
            DataSize.kibibytes(64),
            Duration.milliseconds(300),
            null,
            Duration.seconds(2),
            null,
            null,
            null);

    private static final TestRedis redis = TestRedis.own();
    private static final int[] nodePorts = {freePort(), freePort()};
    private static final int NGINX_PORT = freePort();
    private static final TestNode[] nodes = new TestNode[2];

    /** The two that are shipped. */
    enum Proxy {
        HAPROXY,
        NGINX;

        int port() {
            return this == HAPROXY ? haproxy.port() : NGINX_PORT;
        }
    }

    @TempDir
    static Path folder;

    private static TestHaProxy haproxy;
    private static Process nginx;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < 2; i++) {
            nodes[i] = new TestNode(redis, CONFIGURATION, nodePorts[i]);
        }
        haproxy = TestHaProxy.before(folder, nodePorts[0], nodePorts[1]);
        nginx = startNginx();
        await().until(() -> nodes[0].observer().reachable && nodes[1].observer().reachable);
    }

    private static Process startNginx() throws IOException {
        String shipped = Files.readString(Path.of("../infra/nginx/trayb.conf"));
        assertThat(shipped).contains("127.0.0.1:8080", "127.0.0.1:8082", "127.0.0.1:8000");
        Path site = Files.writeString(
                folder.resolve("trayb.conf"),
                shipped.replace("127.0.0.1:8080", "127.0.0.1:" + nodePorts[0])
                        .replace("127.0.0.1:8082", "127.0.0.1:" + nodePorts[1])
                        .replace("127.0.0.1:8000", "127.0.0.1:" + NGINX_PORT));
        Path main = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/nginx.pid;
                events { worker_connections 8192; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    include %2$s;
                }
                """.formatted(folder, site));
        Path log = folder.resolve("nginx.log");
        Process started = new ProcessBuilder(
                        Programs.find("nginx").toString(),
                        "-e",
                        folder.resolve("error.log").toString(),
                        "-c",
                        main.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await().alias("nginx: " + log).atMost(PATIENCE).until(() -> accepts(NGINX_PORT));
        return started;
    }

    @AfterAll
    static void stop() throws Exception {
        haproxy.close();
        nginx.destroy();
        nginx.onExit().get(30, TimeUnit.SECONDS);
        for (TestNode node : nodes) {
            node.close();
        }
        redis.close();
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void a_stream_passes_at_once_uncompressed_and_goes_on_with_what_was_missed(Proxy proxy) throws Exception {
        String cursor;
        try (SseReader reader = SseReader.open(proxy.port(), STREAM, "Accept-Encoding", "gzip")) {
            await().until(() -> !reader.blocks().isEmpty());
            assertThat(reader.header("content-encoding")).isNull();
            int before = reader.blocks().size();

            // A heartbeat is eighty bytes: who buffers would keep it for long.
            await().until(() -> reader.blocks().size() > before + 2);
            nodes[0].events().publish(TestEvents.events(0, 3));
            await().until(() -> reader.data().size() == 3);
            cursor = reader.lastId();
        }
        nodes[1].events().publish(TestEvents.events(3, 5));

        try (SseReader again = SseReader.open(proxy.port(), STREAM, "Last-Event-ID", cursor)) {
            await().until(() -> again.data().size() == 2);
            assertThat(again.data()).isEqualTo(TestEvents.data(3, 5));
        }
    }

    @Test
    void the_service_is_asked_even_when_no_node_is_ready() throws Exception {
        for (TestNode node : nodes) {
            node.ready(false);
        }
        try {
            await().atMost(PATIENCE).until(() -> haproxy.readyNodes() == 0);

            assertThat(HttpAnswers.get(haproxy.port(), "/api/v1/events/poll?topic=jobs")
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            for (TestNode node : nodes) {
                node.ready(true);
            }
            await().atMost(PATIENCE).until(() -> haproxy.readyNodes() == 2);
        }
    }

    /** At each run TopologyTest does it, with a whole service and fewer clients. */
    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void a_rolling_restart_costs_no_client_an_event_and_they_come_back_spread_over_the_window() throws Exception {
        List<ReturningClient> clients = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        int[] published = {0};
        try {
            for (int i = 0; i < STREAMS; i++) {
                ReturningClient client = new ReturningClient(haproxy.port(), STREAM);
                clients.add(client);
                client.start();
            }
            await().atMost(PATIENCE).until(() -> clients.stream().allMatch(ReturningClient::isOpen));
            // Events come from a third place, as from a node of workers.
            try (TestNode worker = new TestNode(redis, CONFIGURATION)) {
                Thread publisher = new Thread(() -> {
                    while (!over.get()) {
                        worker.events().publish(TestEvents.events(published[0], published[0] + 2));
                        published[0] += 2;
                        await().pollDelay(java.time.Duration.ofMillis(100)).until(() -> true);
                    }
                });
                publisher.start();
                for (int i = 0; i < 2; i++) {
                    nodes[i].close();
                    nodes[i] = new TestNode(redis, CONFIGURATION, nodePorts[i]);
                    TestNode restarted = nodes[i];
                    await().until(() -> restarted.observer().reachable);
                    await().atMost(PATIENCE).until(() -> clients.stream().allMatch(ReturningClient::isOpen));
                }
                over.set(true);
                publisher.join();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(clients)
                                .allSatisfy(client -> assertThat(client.data()).hasSize(published[0])));
            }

            List<String> all = TestEvents.data(0, published[0]);
            assertThat(clients).allSatisfy(client -> assertThat(client.data()).isEqualTo(all));
            // The first node's half came back once, and some of it once more from the second.
            long[] returns = clients.stream()
                    .flatMap(client -> client.returns().stream())
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            assertThat(returns.length).isGreaterThanOrEqualTo(STREAMS);
            assertThat(mostInAnySecond(returns)).isLessThan(STREAMS * 4L / 5);
        } finally {
            over.set(true);
            for (ReturningClient client : clients) {
                client.close();
            }
        }
    }

    private static long mostInAnySecond(long[] times) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return LongStream.of(times)
                .map(from -> LongStream.of(times)
                        .filter(time -> time >= from && time < from + second)
                        .count())
                .max()
                .orElse(0);
    }

    private static boolean accepts(int port) {
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
            throw new IllegalStateException("no free port", e);
        }
    }
}
