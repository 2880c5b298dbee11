package io.trayb.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A connection to a server on this machine on which one request follows the other, and that repeats none by itself, as HTTP clients do
 * when a connection turns out to be closed. For one thread.
 */
public final class BareConnection implements Closeable {
    private static final int PATIENCE_MS = 30_000;

    /** What came back. */
    public record Answer(int status, String body) {}

    private final Socket socket;
    private final InputStream in;
    private boolean closing;

    public BareConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * Sends a request and returns its answer.
     *
     * @param json an empty one is none
     * @param headers more of them, each as {@code Name: value}
     */
    public Answer send(String method, String path, String json, String... headers) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length
                + (body.length == 0 ? "" : "\r\nContent-Type: application/json")
                + Arrays.stream(headers).map(header -> "\r\n" + header).collect(Collectors.joining()) + "\r\n\r\n";
        socket.getOutputStream().write((head + json).getBytes(UTF_8));
        return read();
    }

    /** Whether the server has said that it closes after the last answer. */
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer read() throws IOException {
        String status = line();
        int length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            String name = header.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = header.substring(colon + 1).strip();
            switch (name) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equals("chunked");
                case "connection" -> closing = value.equals("close");
                default -> {
                    // Of no matter to where the answer ends.
                }
            }
        }
        return new Answer(Integer.parseInt(status.split(" ", 3)[1]), chunked ? chunks() : text(length));
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int length = chunkLength(); length > 0; length = chunkLength()) {
            body.append(text(length));
            line();
        }
        line();
        return body.toString();
    }

    private int chunkLength() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String text(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("an answer ended early");
        }
        return new String(bytes, UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
