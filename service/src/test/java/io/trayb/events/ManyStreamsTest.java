package io.trayb.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.Duration;
import io.trayb.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Crowds that come and go at once. The long form has as many as client and server may open in one process. */
final class ManyStreamsTest {
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);
    private static final int STREAMS = Boolean.getBoolean("trayb.long") ? 9_000 : 400;
    private static final int ROUNDS = 3;
    private static final byte[] REQUEST =
            "GET /api/v1/events?topic=jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final String ACCEPTED = "HTTP/1.1 200";

    @Test
    void a_crowd_that_is_dropped_at_once_leaves_its_places_to_the_next() throws Exception {
        try (TestRedis redis = TestRedis.own();
                // Not one place more: who left without giving it back would keep somebody of the next round out.
                TestNode node =
                        new TestNode(redis, TestEvents.configured(10_000, STREAMS, 1000, Duration.seconds(30)))) {
            await().until(() -> node.observer().reachable);
            for (int round = 0; round < ROUNDS; round++) {
                List<Socket> crowd = new ArrayList<>();
                try {
                    for (int i = 0; i < STREAMS; i++) {
                        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
                        crowd.add(socket);
                        socket.getOutputStream().write(REQUEST);
                    }
                    for (Socket socket : crowd) {
                        assertThat(begin(socket)).isEqualTo(ACCEPTED);
                    }
                    node.events().publish(TestEvents.events(0, 50));
                } finally {
                    for (Socket socket : crowd) {
                        socket.close();
                    }
                }
                await().atMost(PATIENCE).until(() -> node.observer().openStreams.get() == 0);
            }
            assertThat(node.observer().refused).hasValue(0);
            assertThat(node.observer().closed).containsOnlyKeys(CloseReason.CLIENT_GONE);
        }
    }

    private static String begin(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return new String(socket.getInputStream().readNBytes(ACCEPTED.length()), US_ASCII);
    }
}
