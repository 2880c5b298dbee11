package io.trayb.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.Duration;
import io.trayb.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is sent meanwhile, no heartbeat either: that a client has gone shows by nothing but its hanging up. */
final class HangUpTest {
    private static final java.time.Duration LONG_BEFORE_A_HEARTBEAT = java.time.Duration.ofSeconds(10);
    private static final long IDLE_MS = 20_000;
    private static final byte[] REQUEST =
            "GET /api/v1/events?topic=jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);

    private TestRedis redis;
    private TestNode node;
    private Socket client;

    @BeforeEach
    void openStream() throws IOException {
        redis = TestRedis.own();
        node = new TestNode(redis, TestEvents.silent(), Duration.milliseconds(IDLE_MS));
        await().until(() -> node.observer().reachable);
        client = new Socket(InetAddress.getLoopbackAddress(), node.port());
        client.setSoTimeout((int) LONG_BEFORE_A_HEARTBEAT.toMillis());
        client.getOutputStream().write(REQUEST);
        readUntil("retry:");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        node.close();
        redis.close();
    }

    private String readUntil(String expected) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder read = new StringBuilder();
        while (read.indexOf(expected) < 0) {
            int next = in.read();
            assertThat(next).as("after %s", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    private void awaitThatItIsGone() {
        await().atMost(LONG_BEFORE_A_HEARTBEAT)
                .until(() -> node.observer().openStreams.get() == 0);
        assertThat(node.observer().closed).containsOnlyKeys(CloseReason.CLIENT_GONE);
    }

    /** The server's timer would wake for each of ten thousand streams twice a minute, to find that it has had its heartbeats. */
    @Test
    void the_servers_idle_timeout_is_off_for_an_open_stream_and_on_for_others() throws Exception {
        await().untilAsserted(() -> assertThat(node.idleTimeouts()).containsExactly(0L));

        try (Socket other = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            await().untilAsserted(() -> assertThat(node.idleTimeouts()).containsExactlyInAnyOrder(0L, IDLE_MS));
            assertThat(other.isConnected()).isTrue();
        }
    }

    @Test
    void who_closes_the_connection_is_gone_at_once() throws Exception {
        client.close();

        awaitThatItIsGone();
    }

    @Test
    void so_is_who_resets_it() throws Exception {
        client.setSoLinger(true, 0);
        client.close();

        awaitThatItIsGone();
    }

    @Test
    void what_a_client_says_on_is_no_request_and_ends_nothing() throws Exception {
        client.getOutputStream().write(REQUEST);
        node.events().publish(List.of(TestEvents.event(1)));
        readUntil("\"n\":1}");
        client.getOutputStream().write(REQUEST);
        node.events().publish(List.of(TestEvents.event(2)));
        readUntil("\"n\":2}");
        assertThat(node.observer().openStreams).hasValue(1);

        node.sendToAdmin("POST", "/tasks/sse?enabled=false");

        String end = new String(client.getInputStream().readAllBytes(), UTF_8);
        assertThat(end).contains("event: close").doesNotContain("HTTP/1.1");
        assertThat(node.observer().closed).containsOnlyKeys(CloseReason.DISABLED);
    }

    @Test
    void who_says_on_and_on_is_cut_off() throws Exception {
        OutputStream out = client.getOutputStream();
        byte[] noise = new byte[8 * 1024];
        try {
            for (int i = 0; i < 16; i++) {
                out.write(noise);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(broken pipe|connection reset).*");
        }

        awaitThatItIsGone();
    }
}
