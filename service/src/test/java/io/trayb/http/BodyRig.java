package io.trayb.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Jetty with {@link RequestIds} and {@link WholeBodies} in front of a handler that reads a body on its thread, as servlets do, and answers with its
 * length; and clients of it. Time goes on when it is told to.
 */
final class BodyRig implements BeforeEachCallback, AfterEachCallback {
    static final int MOST_AT_ONCE = 100_000;
    static final Duration TELL_EVERY = Duration.ofSeconds(5);

    final AtomicLong nanoTime = new AtomicLong();
    /** By how much each question for the time lets it go on. */
    final AtomicLong tick = new AtomicLong();
    /** How often the time was asked for. */
    final AtomicInteger asked = new AtomicInteger();
    /** How often the handler was called. */
    final AtomicInteger called = new AtomicInteger();
    /** What of the budget was taken after each part of a body that the handler has read. */
    final List<Long> takenWhileRead = new CopyOnWriteArrayList<>();
    /** Whether nothing is run for a request, as by a pool that is full or stopping. */
    final AtomicBoolean noThread = new AtomicBoolean();

    /** Of requests that bring none: 1, 2, and so on. */
    private final AtomicLong lastId = new AtomicLong();

    final BodyBudget budget = new BodyBudget(MOST_AT_ONCE);

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final List<Socket> sockets = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        EagerContentHandler bodies =
                new EagerContentHandler(new WholeBodies(budget, new RefusedBodies(TELL_EVERY), this::time));
        bodies.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                called.incrementAndGet();
                InputStream body = Content.Source.asInputStream(request);
                int heard = 0;
                for (byte[] part = body.readNBytes(10_000); part.length > 0; part = body.readNBytes(10_000)) {
                    heard += part.length;
                    takenWhileRead.add(budget.taken());
                }
                Content.Sink.write(response, true, "heard " + heard, callback);
                return true;
            }
        });
        server.addConnector(connector);
        RequestIds ids = new RequestIds(lastId::incrementAndGet, text -> text.contains("secret"));
        ids.setHandler(new PoolThatMayBeFull(bodies));
        server.setHandler(ids);
        server.setErrorHandler(
                new JettyProblems(new ExceptionProblems(UUID::randomUUID), new ObjectMapper(), lastId::incrementAndGet)
                        .forServer());
        server.start();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    private long time() {
        asked.incrementAndGet();
        return nanoTime.addAndGet(tick.get());
    }

    void later(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    void idleTimeout(Duration time) {
        connector.setIdleTimeout(time.toMillis());
    }

    /** Waits until bodies take that much memory, and returns how much exactly. */
    long gathered(long atLeast) {
        await().until(() -> budget.taken() >= atLeast);
        return budget.taken();
    }

    /** A request that has no body yet, on a connection that is closed after the test. */
    Socket request(String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        synchronized (sockets) {
            sockets.add(socket);
        }
        socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(US_ASCII));
        out.flush();
    }

    static void send(Socket socket, int bytes) throws IOException {
        send(socket, "a".repeat(bytes));
    }

    static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    private final class PoolThatMayBeFull extends Handler.Wrapper {
        PoolThatMayBeFull(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Context pool = new Context.Wrapper(request.getContext()) {
                @Override
                public void execute(Runnable task) {
                    if (noThread.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    super.execute(task);
                }
            };
            Request wrapped = new Request.Wrapper(request) {
                @Override
                public Context getContext() {
                    return pool;
                }
            };
            return super.handle(wrapped, response, callback);
        }
    }
}
