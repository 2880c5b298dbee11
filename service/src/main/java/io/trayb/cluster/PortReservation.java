package io.trayb.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a port for the processes that share it, also while none of them runs: a socket that is bound and doesn't listen, so that no
 * connection ever comes to it.
 */
final class PortReservation implements AutoCloseable {
    private final SocketChannel socket;
    private final int port;

    private PortReservation(SocketChannel socket, int port) {
        this.socket = socket;
        this.port = port;
    }

    /**
     * Reserves it.
     *
     * @param host null for all addresses of this machine
     * @param port 0 takes a free one
     * @throws IOException when somebody else listens there; also one who would share it, such as another cluster of the same user
     */
    static PortReservation of(@Nullable String host, int port) throws IOException {
        InetSocketAddress address = host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        if (port != 0) {
            requireUnused(address);
        }
        SocketChannel socket = SocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            socket.bind(address);
            return new PortReservation(socket, ((InetSocketAddress) socket.getLocalAddress()).getPort());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Without SO_REUSEPORT the kernel lets nobody listen where anybody does. */
    private static void requireUnused(InetSocketAddress address) throws IOException {
        try (ServerSocketChannel alone = ServerSocketChannel.open()) {
            alone.bind(address);
        }
    }

    /** The port, when 0 was asked for the one that was free. */
    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
