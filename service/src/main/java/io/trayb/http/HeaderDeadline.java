package io.trayb.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which a request's header has begun and doesn't come to its end ("slowloris"). They cost no thread, but
 * each byte that comes puts off the connection's idle timeout, so that a few thousand of them could keep all files that this
 * process may open for days. With TLS the handshake has the same time, and what the header then has is counted without it.
 * Thread-safe; works on the server's scheduler.
 */
final class HeaderDeadline extends Handler.Wrapper implements Connection.Listener {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Duration deadline;
    private final LongSupplier nanoTime;
    private final Map<Connection, Progress> connections = new ConcurrentHashMap<>();

    /** @param deadline how long a header may take from its first byte to its last, give or take a second */
    HeaderDeadline(Duration deadline, LongSupplier nanoTime) {
        this.deadline = deadline;
        this.nanoTime = nanoTime;
    }

    /** How far one connection is. */
    private static final class Progress {
        /** How many requests are being answered; more than one only with HTTP/2. */
        private int open;
        /** What had come when the last request was answered. */
        private long bytesBefore;
        /** When it was first seen that a header has begun. */
        private long since;

        private boolean begun;

        synchronized void requestBegan() {
            open++;
            begun = false;
        }

        synchronized void requestEnded(long bytesIn) {
            open--;
            bytesBefore = bytesIn;
        }

        /** For how long there has been part of a header; negative if there is none. */
        synchronized long lateNanos(long bytesIn, long now) {
            if (open > 0 || bytesIn <= bytesBefore) {
                begun = false;
                return -1;
            }
            if (!begun) {
                begun = true;
                since = now;
            }
            return now - since;
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        Progress progress = connections.get(connection);
        if (progress != null) {
            progress.requestBegan();
            Request.addCompletionListener(request, unused -> progress.requestEnded(connection.getBytesIn()));
        }
        return super.handle(request, response, callback);
    }

    @Override
    public void onOpened(Connection connection) {
        connections.put(connection, new Progress());
        if (connection instanceof SslConnection tls) {
            // It hears of no request. Those are told to the HTTP connection inside, which is opened beside it.
            tls.addHandshakeListener(new SslHandshakeListener() {
                @Override
                public void handshakeSucceeded(Event event) {
                    connections.remove(tls);
                }
            });
        }
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        scheduleLook(getServer());
    }

    private void scheduleLook(Server server) {
        Scheduler.Task unused =
                server.getScheduler().schedule(() -> look(server), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(Server server) {
        closeLate(nanoTime.getAsLong());
        if (isRunning()) {
            scheduleLook(server);
        }
    }

    /** Closes what is late at this time, and notes on which other connections a header has begun. */
    void closeLate(long now) {
        connections.forEach((connection, progress) -> {
            if (progress.lateNanos(connection.getBytesIn(), now) > deadline.toNanos()) {
                connection
                        .getEndPoint()
                        .close(new TimeoutException("no whole request header within " + deadline.toSeconds() + " s"));
            }
        });
    }
}
