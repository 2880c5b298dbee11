package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RawHttp;
import io.trayb.testing.ServiceClient;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server sent back on a connection until it closed it.
 *
 * @param text all of it
 * @param reset what became of the connection, if it was reset before all was sent and read; then there is no text
 */
record RawAnswer(String text, @Nullable SocketException reset) {
    private RawAnswer(String text) {
        this(text, null);
    }

    static RawAnswer to(int port, String request) throws IOException {
        return to(port, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    static RawAnswer to(int port, byte[] request) throws IOException {
        try {
            return new RawAnswer(RawHttp.bytes(port, request));
        } catch (SocketException e) {
            // The connection was closed while there was more to send.
            return new RawAnswer("", e);
        }
    }

    /** The same for a stream, which doesn't end by itself: its head will do, and all of it if it is a refusal. */
    static RawAnswer begun(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder text = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                text.append(line).append("\r\n");
                if (line.isEmpty() && text.indexOf("HTTP/1.1 200") == 0) {
                    break;
                }
            }
            return new RawAnswer(text.toString());
        } catch (SocketException e) {
            return new RawAnswer("", e);
        }
    }

    /** Of the first answer, or 0 if the connection was closed without a word. */
    int status() {
        return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    /** Of the first answer; empty if it hasn't this header. */
    Optional<String> header(String name) {
        return head().lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** Of the first answer, without what frames it. */
    String body() {
        byte[] sent =
                text.substring(Math.min(text.length(), head().length() + 4)).getBytes(StandardCharsets.UTF_8);
        if (!header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked")) {
            return new String(sent, StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = 0;
        while (at < sent.length) {
            int end = at;
            while (sent[end] != '\r') {
                end++;
            }
            int length = Integer.parseInt(new String(sent, at, end - at, StandardCharsets.US_ASCII), 16);
            if (length == 0) {
                break;
            }
            body.write(sent, end + 2, length);
            at = end + 2 + length + 2;
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private String head() {
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? text : text.substring(0, end);
    }

    /** A refusal: no failure of ours, a problem that says why, and no word about the code. */
    JsonNode refusal() {
        assertThat(status()).as(text).isGreaterThanOrEqualTo(400);
        assertThat(status()).as(text).isNotIn(500, 502, 504);
        assertThat(text)
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("x-content-type-options: nosniff")
                .containsIgnoringCase("referrer-policy: no-referrer")
                .containsIgnoringCase("x-request-id: ");
        JsonNode problem = ServiceClient.parse(text.substring(text.indexOf('{'), text.lastIndexOf('}') + 1));
        assertThat(problem.path("status").asInt()).isEqualTo(status());
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(text).doesNotContain("Exception", "io.trayb", "org.eclipse", "java.");
        return problem;
    }

    /** For a request whose head is so long that the connection is closed before all of it was sent: then the answer may be lost. */
    void isRefusedOrCutOff(int status) {
        assertThat(status()).as(text).isIn(0, status);
    }

    /** Whatever it is, it is no failure of ours; and if it is a refusal, it says why. */
    void isNoFailure() {
        if (reset != null) {
            throw new AssertionError("the connection was reset before there was an answer", reset);
        }
        assertThat(status()).as(text).isNotZero();
        if (status() >= 400) {
            refusal();
        }
    }
}
