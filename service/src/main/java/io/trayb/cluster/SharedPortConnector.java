package io.trayb.cluster;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connector on a port that other processes listen at too ({@code SO_REUSEPORT}), which leaves it without a connection being
 * reset.
 *
 * <p>The kernel gives each new connection to one of the listeners, and resets what waits in the queue of one that is closed. So the
 * thread that accepts is also the one that closes: it takes the listener out of its selector, since until then a close wouldn't
 * take effect, empties the queue, and closes it at once. What is left is what arrives between these two system calls.
 *
 * <p>Jetty's one acceptor thread is in {@link #accept}, woken by connections and by {@link #leave}.
 */
class SharedPortConnector extends ServerConnector {
    private static final Logger LOGGER = LoggerFactory.getLogger(SharedPortConnector.class);
    /** Far more than the acceptor needs to be woken and to empty its queue. */
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch left = new CountDownLatch(1);
    private volatile boolean leaving;
    private volatile @Nullable Selector selector;
    private volatile @Nullable ServerSocketChannel listener;

    /** Takes the place of a connector that was built and not started, with all its settings. */
    SharedPortConnector(ServerConnector alone) {
        super(
                alone.getServer(),
                ofItsOwn(alone.getExecutor(), alone.getServer().getThreadPool()),
                ofItsOwn(alone.getScheduler(), alone.getServer().getScheduler()),
                ofItsOwn(alone.getByteBufferPool(), alone.getServer().getByteBufferPool()),
                1,
                alone.getSelectorManager().getSelectorCount(),
                alone.getConnectionFactories().stream().distinct().toArray(ConnectionFactory[]::new));
        setName(alone.getName());
        setHost(alone.getHost());
        setPort(alone.getPort());
        setAcceptQueueSize(alone.getAcceptQueueSize());
        setReuseAddress(alone.getReuseAddress());
        setIdleTimeout(alone.getIdleTimeout());
        setReusePort(true);
    }

    /** What a connector is given, it stops at its end; so what is the server's must stay the server's. */
    private static <T> @Nullable T ofItsOwn(T used, Object ofServer) {
        return used == ofServer ? null : used;
    }

    @Override
    protected ServerSocketChannel openAcceptChannel() throws IOException {
        ServerSocketChannel opened = super.openAcceptChannel();
        listener = opened;
        selector = Selector.open();
        return opened;
    }

    @Override
    public void accept(int acceptorId) throws IOException {
        Selector woken = Objects.requireNonNull(selector, "selector");
        ServerSocketChannel open = Objects.requireNonNull(listener, "listener");
        if (!open.isOpen()) {
            throw new ClosedChannelException();
        }
        if (!open.isRegistered()) {
            open.configureBlocking(false);
            open.register(woken, SelectionKey.OP_ACCEPT);
        }
        if (!leaving) {
            woken.select();
            woken.selectedKeys().clear();
            takeWaiting(open);
        }
        if (leaving) {
            closeEmpty(open, woken);
        }
    }

    private void closeEmpty(ServerSocketChannel open, Selector woken) throws IOException {
        try (woken;
                open) {
            Objects.requireNonNull(open.keyFor(woken), "key").cancel();
            woken.selectNow();
            takeWaiting(open);
            open.close();
        } finally {
            left.countDown();
        }
    }

    private void takeWaiting(ServerSocketChannel open) throws IOException {
        for (SocketChannel taken = open.accept(); taken != null; taken = open.accept()) {
            taken.configureBlocking(false);
            configure(taken.socket());
            getSelectorManager().accept(taken);
        }
    }

    @Override
    protected boolean handleAcceptFailure(Throwable thrown) {
        return !leaving && super.handleAcceptFailure(thrown);
    }

    /**
     * Takes no more connections and leaves new ones to the other processes; those that are open go on, but are closed after their
     * next answer, which says so. Returns when the listener is closed.
     */
    void leave() {
        configurations().forEach(configuration -> configuration.setPersistentConnectionsEnabled(false));
        stopListening();
    }

    private void stopListening() {
        leaving = true;
        Selector sleeping = selector;
        if (sleeping == null || !isRunning()) {
            // Nobody accepts, or not yet; and what a selector has can't be closed.
            IO.close(sleeping);
            return;
        }
        sleeping.wakeup();
        try {
            if (!left.await(LEAVE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.warn(
                        "The acceptor didn't leave the port within {}; connections in its queue are reset",
                        LEAVE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopListening();
        super.close();
    }

    private List<HttpConfiguration> configurations() {
        return getConnectionFactories().stream()
                .map(SharedPortConnector::ofHttp)
                .filter(Objects::nonNull)
                .map(HttpConnectionFactory::getHttpConfiguration)
                .toList();
    }

    /** Itself, or what Dropwizard has wrapped to measure it. */
    private static @Nullable HttpConnectionFactory ofHttp(ConnectionFactory factory) {
        if (factory instanceof HttpConnectionFactory http) {
            return http;
        }
        return factory instanceof ContainerLifeCycle wrapper ? wrapper.getBean(HttpConnectionFactory.class) : null;
    }
}
