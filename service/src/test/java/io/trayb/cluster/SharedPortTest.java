package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.google.common.util.concurrent.Uninterruptibles;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.trayb.testing.Figures;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

/** Servers of this JVM on one port. The long form measures, the short one would notice if it were bad. */
class SharedPortTest {
    private static final boolean LONG = Boolean.getBoolean("trayb.long");
    private static final int CLIENTS = 8;
    private static final int WAITING = 20;
    private static final int LEAVES = LONG ? 1_000 : 25;
    private static final Duration SETTLE = Duration.ofMillis(50);

    /**
     * Of a few thousand connections over 25 leaves. What arrives between the last look into the queue and the close is reset, and on a
     * busy machine the kernel may put another thread in between: the long form found one in 21,000, some 170 leaves apart.
     */
    private static final int MOST_IN_SHORT = 2;

    private PortReservation reservation;

    @BeforeEach
    void reserve() throws IOException {
        reservation = PortReservation.of("127.0.0.1", 0);
    }

    @AfterEach
    void release() throws IOException {
        reservation.close();
    }

    @Test
    void a_server_that_leaves_the_port_resets_no_connection_while_others_stay() throws Exception {
        Server staying = start("staying");
        Server present = start("leaving");
        long answered;
        List<String> failures;
        try (NewConnections load =
                NewConnections.start(CLIENTS, reservation.port(), NewConnections.get("/"), "HTTP/1.1 200")) {
            for (int i = 0; i < LEAVES; i++) {
                Server next = start("leaving");
                leave(present);
                present = next;
                long before = load.answered();
                await().pollInterval(Duration.ofMillis(5)).until(() -> load.answered() > before + CLIENTS);
            }
            load.end();
            answered = load.answered();
            failures = load.failures();
        } finally {
            present.stop();
            staying.stop();
        }

        Figures.note(LEAVES + " times a server left a shared port under load: " + failures.size() + " of " + answered
                + " new connections failed " + failures);
        assertThat(answered).isGreaterThan(LONG ? 10_000 : 200);
        if (LONG) {
            assertThat(failures.size() * 10_000L).as(failures.toString()).isLessThan(answered);
        } else {
            assertThat(failures).hasSizeLessThanOrEqualTo(MOST_IN_SHORT);
        }
    }

    /** Where the chance of the test above is made a certainty: the thread that accepts is held up, so that many wait. */
    @Test
    void who_waits_to_be_accepted_when_a_server_leaves_is_answered() throws Exception {
        Server server = new Server();
        CountDownLatch held = new CountDownLatch(1);
        ServerConnector settings = new ServerConnector(server, 1, 1);
        settings.setHost("127.0.0.1");
        settings.setPort(reservation.port());
        SharedPortConnector connector = new SharedPortConnector(settings) {
            @Override
            protected void configure(Socket taken) {
                super.configure(taken);
                Uninterruptibles.awaitUninterruptibly(held);
            }
        };
        server.addConnector(connector);
        server.setHandler(answering("leaving"));
        server.start();
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < WAITING; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), reservation.port());
                client.setSoTimeout(10_000);
                clients.add(client);
                client.getOutputStream().write(NewConnections.get("/").getBytes(StandardCharsets.US_ASCII));
            }

            Thread leaving = new Thread(connector::leave);
            leaving.start();
            await().until(() -> leaving.getState() == Thread.State.TIMED_WAITING || !leaving.isAlive());
            held.countDown();
            leaving.join();

            for (Socket client : clients) {
                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("leaving");
            }
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), reservation.port()))
                    .hasMessageContaining("refused");
        } finally {
            held.countDown();
            for (Socket client : clients) {
                client.close();
            }
            server.stop();
        }
    }

    @Test
    void who_has_left_closes_connections_after_their_next_answer_and_says_so() throws Exception {
        Server only = start("first");
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + reservation.port() + "/"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).headers().firstValue("Connection"))
                .isEmpty();
        SharedPortConnector connector = (SharedPortConnector) only.getConnectors()[0];

        connector.leave();
        Server second = start("second");

        assertThat(connector.isOpen()).isFalse();
        var last = client.send(request, BodyHandlers.ofString());
        assertThat(last.body()).isEqualTo("first");
        assertThat(last.headers().firstValue("Connection")).contains("close");
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("second");
        only.stop();
        second.stop();
    }

    @Test
    void a_reservation_lets_servers_share_the_port_and_takes_no_connection_itself() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), reservation.port()))
                    .hasMessageContaining("refused");
        }
        Server server = start("only");
        try (NewConnections load =
                NewConnections.start(1, reservation.port(), NewConnections.get("/"), "HTTP/1.1 200")) {
            await().until(() -> load.answered() > 50);
            load.end();
            assertThat(load.failures()).isEmpty();
        }
        server.stop();
    }

    @Test
    void a_port_that_somebody_listens_on_cannot_be_reserved_whether_he_would_share_it_or_not() throws Exception {
        try (ServerSocket alone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> PortReservation.of("127.0.0.1", alone.getLocalPort()))
                    .isInstanceOf(BindException.class);
        }
        Server sharing = start("sharing");
        assertThatThrownBy(() -> PortReservation.of("127.0.0.1", reservation.port()))
                .isInstanceOf(BindException.class);
        sharing.stop();
    }

    private Server start(String answer) throws Exception {
        HttpConnectorFactory factory = new HttpConnectorFactory();
        factory.setBindHost("127.0.0.1");
        Server server = new Server();
        server.addConnector(SharedPortConnectorFactory.share(List.of(factory), List.of(reservation.port()))
                .get(0)
                .build(server, new MetricRegistry(), "application", null));
        server.setHandler(answering(answer));
        server.start();
        return server;
    }

    private static Handler answering(String text) {
        return new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, text, callback);
                return true;
            }
        };
    }

    private static void leave(Server server) throws Exception {
        SharedPortConnector connector = (SharedPortConnector) server.getConnectors()[0];
        connector.leave();
        // What was taken last isn't among them at once.
        await().pollInterval(Duration.ofMillis(5))
                .during(SETTLE)
                .until(() -> connector.getConnectedEndPoints().isEmpty());
        server.stop();
    }
}
