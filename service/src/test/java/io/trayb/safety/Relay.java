package io.trayb.safety;

import io.trayb.threads.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a server on a port that stays, and can cut connections between a request, which arrives, and its answer, which
 * doesn't.
 *
 * <p>Owns a thread that accepts and two for each connection, which end with it or with {@link #close()}. Thread-safe.
 */
final class Relay implements Closeable {
    private static final int BUFFER = 16 * 1024;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.numbered("relay"));
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answersToCut = new AtomicInteger();
    private volatile int target;

    /** @param target the server's port; may come later */
    Relay(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Where new connections lead from now on. */
    void leadTo(int port) {
        target = port;
    }

    /** Lets the next so many answers go nowhere and closes their connections, once they come. */
    void cutAnswers(int count) {
        answersToCut.addAndGet(count);
    }

    /** Closes all connections as they are. */
    void cutAll() {
        open.forEach(Relay::closeQuietly);
    }

    /** Cuts nothing any more. */
    void heal() {
        answersToCut.set(0);
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
        threads.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                // Closed: the loop ends. Anything else concerns one connection, whose client sees it fail.
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try {
            Socket service = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(service);
            client.setTcpNoDelay(true);
            service.setTcpNoDelay(true);
            threads.execute(() -> pass(client, service, false));
            pass(service, client, true);
        } catch (IOException e) {
            // Nobody is there: the client finds its connection closed without an answer.
            closeQuietly(client);
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (answers && answersToCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    break;
                }
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // Either side is gone, and the other learns it by the closing below.
        }
        closeQuietly(from);
        closeQuietly(to);
        open.remove(from);
        open.remove(to);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket can't be closed", e);
        }
    }
}
