package io.trayb.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes themselves, from the first to the last: no HTTP client comes between that would be lenient. */
final class WireTest {
    private TestRedis redis;
    private TestNode node;

    @BeforeEach
    void start() {
        redis = TestRedis.own();
        node = new TestNode(redis, TestEvents.quick());
        await().until(() -> node.observer().reachable);
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    /** All that a client reads of a stream of three events, each after the last was delivered, until it is told to go. */
    private String wholeAnswer(String request) throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            client.getOutputStream().write(request.getBytes(US_ASCII));
            await().until(() -> node.observer().openStreams.get() == 1);
            for (int i = 1; i <= 3; i++) {
                long delivered = i;
                node.events().publish(List.of(TestEvents.event(i)));
                await().until(() -> node.observer().deliveredToStreams.get() == delivered);
            }
            node.sendToAdmin("POST", "/tasks/sse?enabled=false");
            return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static void assertWholeStream(String blocks) {
        assertThat(blocks).startsWith("id: ").endsWith("event: close\ndata: {\"reason\":\"disabled\"}\n\n");
        assertThat(blocks.split("event: job.progress\n", -1)).hasSize(4);
        assertThat(blocks.replaceAll("(?s).*?\"n\":(\\d)}\n\n|.+", "$1")).isEqualTo("123");
    }

    @Test
    void http_1_1_has_chunks_from_the_first_block_to_the_end() throws Exception {
        String answer = wholeAnswer("GET /api/v1/events?topic=jobs HTTP/1.1\r\nHost: localhost\r\n\r\n");

        int body = answer.indexOf("\r\n\r\n") + 4;
        assertThat(answer.substring(0, body))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("\r\nTransfer-Encoding: chunked\r\n")
                .containsIgnoringCase("\r\nConnection: close\r\n");
        StringBuilder blocks = new StringBuilder();
        int at = body;
        for (int size = -1; size != 0; ) {
            int line = answer.indexOf("\r\n", at);
            size = Integer.parseInt(answer.substring(at, line), 16);
            at = line + 2;
            blocks.append(answer, at, at + size);
            at += size;
            assertThat(answer.substring(at, at + 2)).isEqualTo("\r\n");
            at += 2;
        }
        assertThat(at).isEqualTo(answer.length());
        assertWholeStream(blocks.toString());
    }

    @Test
    void the_size_of_a_chunk_is_written_in_hexadecimal() {
        IntStream.of(1, 9, 10, 15, 16, 255, 256, 4_095, 4_096, 65_535, 65_536, 1_048_577, Integer.MAX_VALUE)
                .forEach(size -> assertThat(US_ASCII.decode(Wire.head(size)).toString())
                        .isEqualTo("\r\n" + Integer.toHexString(size) + "\r\n"));
    }

    @Test
    void http_1_0_has_none() throws Exception {
        String answer = wholeAnswer("GET /api/v1/events?topic=jobs HTTP/1.0\r\n\r\n");

        int body = answer.indexOf("\r\n\r\n") + 4;
        assertThat(answer.substring(0, body)).doesNotContainIgnoringCase("Transfer-Encoding");
        assertWholeStream(answer.substring(body));
    }
}
