package io.trayb.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LingeringCloseTest {
    private static final String REFUSAL = "too much";

    private final AtomicLong nanoTime = new AtomicLong();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private Socket socket;
    private OutputStream out;
    private InputStream in;

    @BeforeEach
    void connect() throws Exception {
        LingeringClose lingering = new LingeringClose(nanoTime::get);
        lingering.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(413);
                response.getHeaders().put("Content-Length", REFUSAL.length());
                Content.Sink.write(response, true, REFUSAL, callback);
                return true;
            }
        });
        server.addConnector(connector);
        server.setHandler(lingering);
        server.start();
        socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    @AfterEach
    void stop() throws Exception {
        socket.close();
        server.stop();
    }

    @Test
    void a_client_may_send_the_whole_of_a_body_that_was_refused_before_it_reads_why() throws IOException {
        head("Content-Length: " + 32 * 1024 * 1024);
        send(32 * 1024 * 1024);

        assertThat(answer()).startsWith("HTTP/1.1 413").endsWith(REFUSAL);
    }

    @Test
    void the_answer_does_not_wait_for_the_body() throws IOException {
        head("Content-Length: 1000000");

        assertThat(answer())
                .startsWith("HTTP/1.1 413")
                .contains("Connection: close")
                .endsWith(REFUSAL);
    }

    @Test
    void a_body_that_never_ends_is_cut_off() throws IOException {
        head("Content-Length: " + Long.MAX_VALUE);

        assertThatThrownBy(() -> {
                    while (true) {
                        send(1024 * 1024);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_body_that_trickles_is_cut_off_after_ten_seconds() throws IOException {
        head("Content-Length: 1000000");
        assertThat(answer()).startsWith("HTTP/1.1 413");
        send(1);
        nanoTime.set(Duration.ofSeconds(10).toNanos());

        assertThatThrownBy(() -> {
                    while (true) {
                        send(1);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_client_that_asks_before_it_sends_is_not_told_to_send() throws IOException {
        head("Content-Length: 1000000\r\nExpect: 100-continue");

        assertThat(answer()).startsWith("HTTP/1.1 413");
    }

    @Test
    void a_connection_is_kept_when_all_of_the_body_has_come() throws IOException {
        out.write("POST / HTTP/1.1\r\nHost: trayb\r\nContent-Length: 3\r\n\r\nabc".getBytes(US_ASCII));
        assertThat(answer()).startsWith("HTTP/1.1 413").doesNotContain("Connection: close");

        out.write("GET / HTTP/1.1\r\nHost: trayb\r\n\r\n".getBytes(US_ASCII));
        assertThat(answer()).startsWith("HTTP/1.1 413");
    }

    private void head(String headers) throws IOException {
        out.write(("POST / HTTP/1.1\r\nHost: trayb\r\n" + headers + "\r\n\r\n").getBytes(US_ASCII));
    }

    private void send(int bytes) throws IOException {
        byte[] some = new byte[Math.min(bytes, 64 * 1024)];
        for (int sent = 0; sent < bytes; sent += some.length) {
            out.write(some);
        }
    }

    private String answer() throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf(REFUSAL) < 0) {
            int next = in.read();
            assertThat(next).as("what follows on %s", answer).isNotNegative();
            answer.append((char) next);
        }
        return answer.toString();
    }
}
