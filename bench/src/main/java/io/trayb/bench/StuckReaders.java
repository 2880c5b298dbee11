package io.trayb.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Event streams that are opened and never read, as those of a client that hangs: the others must not notice them. */
final class StuckReaders implements AutoCloseable {
    /** So that their buffers are full soon. */
    private static final int RECEIVE_BUFFER = 4096;

    private final List<Socket> sockets = new ArrayList<>();

    void open(int port, int readers) throws IOException {
        for (int i = 0; i < readers; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write("GET /api/v1/events?topic=jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
