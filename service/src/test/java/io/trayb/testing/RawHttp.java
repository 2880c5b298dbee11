package io.trayb.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests as they are written, with headers that an HTTP client wouldn't let through, to a server on this machine. */
public final class RawHttp {
    private RawHttp() {}

    /**
     * Sends one without a body and returns all of the answer.
     *
     * @param line method and path, such as {@code GET /readyz}
     */
    public static String send(int port, String line, String... headers) throws IOException {
        return text(
                port,
                line + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    /** Sends a text and returns all that comes back until the server closes. */
    public static String text(int port, String request) throws IOException {
        return bytes(port, request.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for what is no text, or not in UTF-8. */
    public static String bytes(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
