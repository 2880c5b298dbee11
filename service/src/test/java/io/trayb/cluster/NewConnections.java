package io.trayb.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that open a connection for each request. Owns a thread for each, from the start until it is closed.
 * Each client calls from an address of its own, so that closed connections use up nobody's ports.
 */
final class NewConnections implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final int port;
    private final byte[] request;
    private final String expected;
    private final Duration pause;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private NewConnections(int port, String request, String expected, Duration pause) {
        this.port = port;
        this.pause = pause;
        this.request = request.getBytes(StandardCharsets.UTF_8);
        this.expected = expected;
    }

    /** @param expected what an answer's first line begins with */
    static NewConnections start(int clients, int port, String request, String expected) {
        return start(clients, port, request, expected, Duration.ZERO);
    }

    /**
     * @param expected what an answer's first line begins with
     * @param pause of each client after each answer, to leave the machine to others
     */
    static NewConnections start(int clients, int port, String request, String expected, Duration pause) {
        NewConnections load = new NewConnections(port, request, expected, pause);
        for (int i = 0; i < clients; i++) {
            byte[] from = {127, 0, 0, (byte) (2 + i)};
            Thread thread = new Thread(() -> load.run(from), "new-connections-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    /** A GET that closes its connection. */
    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private void run(byte[] from) {
        while (!over) {
            try {
                String answer = ask(from);
                if (answer.startsWith(expected)) {
                    answered.incrementAndGet();
                } else {
                    failures.add("answered '" + answer + "'");
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private String ask(byte[] from) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.getOutputStream().write(request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    long answered() {
        return answered.get();
    }

    /** What went wrong, a text each. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends the clients; each first gets its answer. */
    void end() {
        over = true;
        await().atMost(Duration.ofMillis(2 * TIMEOUT_MS))
                .until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Override
    public void close() {
        end();
    }
}
