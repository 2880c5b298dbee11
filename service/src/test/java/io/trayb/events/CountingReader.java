package io.trayb.events;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of an event stream that counts its events and keeps none. Owns a thread until {@link #close()}. */
final class CountingReader implements AutoCloseable {
    /** Every event has it once. */
    private static final byte[] MARK = "\nevent: job.".getBytes(US_ASCII);

    private final Socket socket;
    private final AtomicInteger events = new AtomicInteger();

    CountingReader(int port, String path) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
        Thread thread = new Thread(this::read, "counting-reader");
        thread.setDaemon(true);
        thread.start();
    }

    int events() {
        return events.get();
    }

    private void read() {
        byte[] bytes = new byte[64 * 1024];
        int found = 0;
        try {
            InputStream in = socket.getInputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                for (int i = 0; i < length; i++) {
                    found = bytes[i] == MARK[found] ? found + 1 : bytes[i] == MARK[0] ? 1 : 0;
                    if (found == MARK.length) {
                        found = 0;
                        events.incrementAndGet();
                    }
                }
            }
        } catch (IOException e) {
            // Closed, or broken: what came until then counts.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
