package io.trayb.safety;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.trayb.safety.Operation.Fate;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One call on a connection of its own: an HTTP client would repeat some by itself, and never say that it did. */
final class Wire {
    private static final int TIMEOUT_MS = 30_000;
    private static final int NOTE_LENGTH = 300;
    /** How a 503 says that it is no riddle. */
    private static final String NOTHING_DONE = "nothing was changed";

    private Wire() {}

    /**
     * What is known after a call.
     *
     * @param status 0 if there was no answer
     * @param body missing unless it is JSON
     */
    record Answer(Fate fate, int status, JsonNode body, String note) {}

    /**
     * Calls.
     *
     * @param path below {@code /api/v1}
     * @param body JSON; empty for none
     */
    static Answer call(int port, String method, String path, String body, @Nullable String idempotencyKey) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        // HTTP/1.0: the answer ends with the connection.
        String head = method + " /api/v1" + path + " HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + (idempotencyKey == null ? "" : "Idempotency-Key: " + idempotencyKey + "\r\n")
                + "Content-Length: " + content.length + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            return read(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (ConnectException e) {
            return new Answer(Fate.REFUSED, 0, MissingNode.getInstance(), e.toString());
        } catch (IOException e) {
            return new Answer(Fate.UNKNOWN, 0, MissingNode.getInstance(), e.toString());
        }
    }

    private static Answer read(String answer) {
        int bodyAt = answer.indexOf("\r\n\r\n");
        if (bodyAt < 0) {
            return new Answer(Fate.UNKNOWN, 0, MissingNode.getInstance(), "the connection ended without an answer");
        }
        int status = Integer.parseInt(answer.substring(9, 12));
        String text = answer.substring(bodyAt + 4);
        String note = text.length() > NOTE_LENGTH ? text.substring(0, NOTE_LENGTH) : text;
        JsonNode body;
        try {
            body = ServiceClient.parse(text);
        } catch (UncheckedIOException e) {
            return new Answer(Fate.UNKNOWN, 0, MissingNode.getInstance(), "cut off: " + note);
        }
        return new Answer(fate(status, text), status, body, status < 300 ? "" : note);
    }

    private static Fate fate(int status, String text) {
        if (status < 300) {
            return Fate.OK;
        }
        boolean nothingDone = status == 503 && text.contains(NOTHING_DONE);
        return status < 500 || nothingDone ? Fate.REFUSED : Fate.UNKNOWN;
    }
}
