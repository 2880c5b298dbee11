package io.trayb.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a handler that answers with the length of the body that it has read on its thread, as servlets do. */
class WholeBodiesTest {
    private static final int MOST_AT_ONCE = 100_000;

    private final AtomicLong nanoTime = new AtomicLong();
    /** How often the time was asked for. */
    private final AtomicInteger asked = new AtomicInteger();

    private final AtomicInteger called = new AtomicInteger();
    private final WholeBodies whole = new WholeBodies(MOST_AT_ONCE, this::time);
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        EagerContentHandler bodies = new EagerContentHandler(whole);
        bodies.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                called.incrementAndGet();
                byte[] body = Content.Source.asInputStream(request).readAllBytes();
                Content.Sink.write(response, true, "heard " + body.length, callback);
                return true;
            }
        });
        server.addConnector(connector);
        server.setHandler(bodies);
        server.setErrorHandler(
                new JettyProblems(new ExceptionProblems(UUID::randomUUID), new ObjectMapper()).forServer());
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    @Test
    void nobody_is_called_before_the_body_is_whole() throws IOException {
        Socket client = request("Content-Length: 9");
        send(client, "abc");
        Socket other = request("Content-Length: 3");
        send(other, "abc");
        assertThat(answer(other)).startsWith("HTTP/1.1 200").endsWith("heard 3");
        assertThat(called).hasValue(1);

        send(client, "defghi");

        assertThat(answer(client)).startsWith("HTTP/1.1 200").endsWith("heard 9");
    }

    @Test
    void a_body_in_chunks_is_one_like_any_other() throws IOException {
        Socket client = request("Transfer-Encoding: chunked");
        send(client, "3\r\nabc\r\n");
        send(client, "4\r\ndefg\r\n");
        send(client, "0\r\n\r\n");

        assertThat(answer(client)).endsWith("heard 7");
    }

    @Test
    void a_request_without_a_body_and_one_with_too_large_a_one_wait_for_nothing() throws IOException {
        assertThat(answer(request("X-Any: thing"))).endsWith("heard 0");

        Socket client = request("Content-Length: " + (BodyLimit.BATCH + 1));
        await().untilAsserted(() -> assertThat(called).hasValue(2));
        client.shutdownOutput();
    }

    @Test
    void a_body_that_comes_too_slowly_is_refused() throws IOException {
        Socket client = request("Content-Length: 100000");

        await().until(() -> {
            nanoTime.addAndGet(Duration.ofSeconds(3).toNanos());
            send(client, "a");
            return client.getInputStream().available() > 0;
        });

        assertThat(answer(client)).startsWith("HTTP/1.1 408").contains("more slowly than 2048 bytes a second");
        assertThat(called).hasValue(0);
    }

    @Test
    void time_in_which_this_process_slept_is_not_held_against_the_client() throws IOException {
        Socket client = request("Content-Length: 4");
        send(client, "a");
        await().until(() -> asked.get() > 1);
        nanoTime.addAndGet(Duration.ofHours(1).toNanos());
        send(client, "b");
        send(client, "cd");

        assertThat(answer(client)).startsWith("HTTP/1.1 200").endsWith("heard 4");
    }

    @Test
    void bodies_may_take_so_much_memory_together_and_give_it_back() throws IOException {
        Socket first = request("Content-Length: 70001");
        send(first, "a".repeat(70_000));
        await().until(() -> whole.taken() == 70_000);

        Socket second = request("Content-Length: 50000");
        send(second, "a".repeat(40_000));
        assertThat(answer(second)).startsWith("HTTP/1.1 503").contains("Retry-After: 2");
        await().until(() -> whole.taken() == 70_000);

        send(first, "a");
        assertThat(answer(first)).endsWith("heard 70001");
        await().until(() -> whole.taken() == 0);
    }

    @Test
    void a_client_that_sends_nothing_more_hears_why_its_connection_ends() throws IOException {
        connector.setIdleTimeout(200);
        Socket client = request("Content-Length: 10");
        send(client, "abc");

        assertThat(answer(client)).startsWith("HTTP/1.1 408").contains("Nothing came of the rest");
        assertThat(called).hasValue(0);
    }

    @Test
    void a_client_that_goes_in_the_middle_of_its_body_leaves_nothing_behind() throws IOException {
        for (int i = 0; i < 5; i++) {
            Socket client = request("Content-Length: 90000");
            send(client, "a".repeat(80_000));
            client.close();
        }

        await().until(() -> whole.taken() == 0);
    }

    private long time() {
        asked.incrementAndGet();
        return nanoTime.get();
    }

    private Socket request(String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        sockets.add(socket);
        socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(US_ASCII));
        out.flush();
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
}
