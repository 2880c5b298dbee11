package io.trayb.jobs.handlers;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that answers by hand, each connection on a thread of its own. Owns those, one for the connections that come, and whatever else
 * is begun with {@link #begin}; they end when it is closed.
 */
abstract class LoopbackServer implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    LoopbackServer(ServerSocket listening) {
        this.listening = listening;
    }

    /** Takes connections from now on. Once, when all is ready to serve them. */
    final void accept() {
        begin(() -> {
            while (!listening.isClosed()) {
                Socket connection;
                try {
                    connection = listening.accept();
                } catch (IOException closed) {
                    return;
                }
                open.add(connection);
                begin(() -> serveUntilClosed(connection));
            }
        });
    }

    private void serveUntilClosed(Socket connection) {
        try (connection) {
            serve(connection);
        } catch (IOException e) {
            // The client has gone, which is what many of these tests want.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers what comes on a connection, which is closed when it returns. */
    abstract void serve(Socket connection) throws IOException, InterruptedException;

    final void begin(Runnable task) {
        Thread thread = new Thread(task, "loopback-server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    final int port() {
        return listening.getLocalPort();
    }

    /** Whether the other side has closed all its connections, as far as this side's reading and writing has told. */
    final boolean hasOpen() {
        return open.stream().anyMatch(socket -> !socket.isClosed());
    }

    @Override
    public final void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.forEach(Thread::interrupt);
    }
}
