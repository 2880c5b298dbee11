package io.trayb.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.events.SseReader;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients that keep a connection by sending as little as they can ("slowloris"). */
class SlowClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than the service has threads. */
    private static final int CROWD = 1_200;

    private static final String HEADER = "GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
    private static final String BODY =
            "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100000\r\n\r\n{\"type\":\"";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static TestService service;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        service = TestService.start(TestService.outside(database.url(), redis.port(), data));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** A connection on which a request drips. */
    private static final class Dripping implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
        private final StringBuilder answer = new StringBuilder();
        private boolean ended;

        Dripping(String beginning) throws IOException {
            socket.setSoTimeout(1);
            socket.getOutputStream().write(beginning.getBytes(US_ASCII));
        }

        /** Sends one more byte, and hears what was answered; returns whether the connection has ended. */
        boolean drip() throws IOException {
            try {
                socket.getOutputStream().write('a');
                byte[] heard = new byte[4096];
                for (int length = socket.getInputStream().read(heard);
                        length >= 0;
                        length = socket.getInputStream().read(heard)) {
                    answer.append(new String(heard, 0, length, UTF_8));
                }
                ended = true;
            } catch (SocketTimeoutException e) {
                // Nothing was answered yet.
            } catch (SocketException e) {
                ended = true;
            }
            return ended;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void headers_and_bodies_that_come_byte_by_byte_end_after_ten_seconds_and_keep_nobody_out_meanwhile()
            throws Exception {
        List<Dripping> crowd = new ArrayList<>();
        List<Dripping> bodies = new ArrayList<>();
        try (SseReader stream = SseReader.open(service.port(), "/api/v1/events?topic=jobs")) {
            for (int i = 0; i < CROWD; i++) {
                crowd.add(new Dripping(HEADER));
                bodies.add(new Dripping(BODY));
            }
            crowd.addAll(bodies);
            assertThat(service.client().get("/queues").status()).isEqualTo(200);
            service.client().submit("{'type':'noop'}");

            await().atMost(PATIENCE).until(() -> {
                boolean allEnded = true;
                for (Dripping each : crowd) {
                    allEnded &= each.ended || each.drip();
                }
                return allEnded;
            });
            assertThat(bodies)
                    .extracting(body -> body.answer.toString())
                    .allSatisfy(answer -> assertThat(answer)
                            .startsWith("HTTP/1.1 408")
                            .contains("more slowly than 2048 bytes a second"));
            // Longer open than any of them, but its header came at once.
            assertThat(stream.hasEnded()).isFalse();
        } finally {
            for (Dripping each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void a_second_request_on_a_connection_has_no_more_time_for_its_header_than_the_first() throws Exception {
        try (Dripping second =
                new Dripping("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nX-Slow: ")) {
            await().atMost(PATIENCE).until(second::drip);
            assertThat(second.answer.toString()).startsWith("HTTP/1.1 200");
        }
    }
}
