package io.trayb.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a client and a service on this machine: keeps its port while the service comes back on another one, cuts
 * connections, and can keep event streams to itself as a buffering proxy does. Owns a thread that accepts, until {@link #close()},
 * and two for each connection. Thread-safe.
 */
final class TestProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean buffering;

    TestProxy(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Where new connections go. */
    void sendTo(int port) {
        target = port;
    }

    /** Whether event streams that begin from now on are kept back. */
    void buffer(boolean on) {
        buffering = on;
    }

    /** Cuts all connections, with what is on its way. */
    void cut() {
        open.forEach(TestProxy::closeQuietly);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
            cut();
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Socket service = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(service);
            start(() -> {
                copy(client, service, false);
                closeQuietly(service);
            });
            copy(service, client, true);
            open.remove(service);
        } catch (IOException e) {
            // The service isn't there: the client finds its connection closed.
            closeQuietly(client);
        } finally {
            open.remove(client);
        }
    }

    private void copy(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[64 * 1024];
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        boolean keeping = false;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                String text = new String(buffer, 0, read, ISO_8859_1);
                keeping = keeping || (answers && buffering && text.contains("text/event-stream"));
                if (keeping) {
                    kept.write(buffer, 0, read);
                } else {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
            out.write(kept.toByteArray());
        } catch (IOException e) {
            // One of the two is gone, and so will be the other.
            closeQuietly(to);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("a socket that can't be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
