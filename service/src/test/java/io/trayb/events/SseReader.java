package io.trayb.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A client of an event stream on a bare socket, so that tests decide when it reads. Owns a thread from {@link #read()} on, which
 * reads until the stream ends.
 */
public final class SseReader implements AutoCloseable {
    private static final int HTTP_OK = 200;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final Map<String, String> headers = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private int status;
    private boolean ended;
    private String lastId = "";

    /** One block as the stream had it; a field that wasn't there is null. */
    public record Block(String id, String event, String data, String retry) {
        public boolean isEvent() {
            return data != null;
        }
    }

    private SseReader(InetAddress host, int port, String path, int receiveBuffer, String... headers)
            throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(host, port));
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i] + ": " + headers[i + 1] + "\r\n");
        }
        socket.getOutputStream().write((request + "\r\n").getBytes(US_ASCII));
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Opens a stream and reads it. */
    public static SseReader open(int port, String path, String... headers) throws IOException {
        SseReader reader = new SseReader(InetAddress.getLoopbackAddress(), port, path, 0, headers);
        reader.read();
        return reader;
    }

    /** Opens a stream with a small buffer and doesn't read it. */
    static SseReader openWithoutReading(int port, String path) throws IOException {
        return openWithoutReading("127.0.0.1", port, path);
    }

    static SseReader openWithoutReading(String host, int port, String path) throws IOException {
        return new SseReader(InetAddress.getByName(host), port, path, 4096);
    }

    void read() {
        Thread thread = new Thread(this::readAll, "sse-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void readAll() {
        try {
            readHead();
            while (status() == HTTP_OK && readChunk()) {
                // Blocks are taken out as they come.
            }
        } catch (IOException e) {
            // The stream broke or was closed; what came until then counts.
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    private void readHead() throws IOException {
        int code = Integer.parseInt(line().split(" ", -1)[1]);
        Map<String, String> read = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            read.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        synchronized (this) {
            headers.putAll(read);
            status = code;
        }
    }

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    private boolean readChunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        byte[] chunk = in.readNBytes(size);
        if (chunk.length < size) {
            throw new EOFException();
        }
        if (size == 0) {
            return false;
        }
        pending.write(chunk);
        String text = pending.toString(UTF_8);
        int end = text.lastIndexOf("\n\n");
        if (end >= 0) {
            for (String block : text.substring(0, end).split("\n\n", -1)) {
                add(block);
            }
            byte[] rest = pending.toByteArray();
            int consumed = text.substring(0, end + 2).getBytes(UTF_8).length;
            pending.reset();
            pending.write(rest, consumed, rest.length - consumed);
        }
        // Jetty ends a chunk together with the head of the next one: what is in it counts before.
        line();
        return true;
    }

    private synchronized void add(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        Block block = new Block(fields.get("id"), fields.get("event"), fields.get("data"), fields.get("retry"));
        blocks.add(block);
        if (block.id() != null) {
            lastId = block.id();
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(US_ASCII);
    }

    public synchronized int status() {
        return status;
    }

    public synchronized String header(String name) {
        return headers.get(name);
    }

    public synchronized List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /** The blocks that fire an event at a client, gaps among them. */
    public List<Block> events() {
        return blocks().stream().filter(Block::isEvent).toList();
    }

    public List<String> data() {
        return events().stream().map(Block::data).toList();
    }

    public List<Block> gaps() {
        return events().stream().filter(block -> block.event().equals("gap")).toList();
    }

    /** What a browser would send as Last-Event-ID. */
    public synchronized String lastId() {
        return lastId;
    }

    /** Waits until the stream has ended. */
    synchronized void awaitEnd() throws InterruptedException {
        while (!ended) {
            wait();
        }
    }

    public synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
