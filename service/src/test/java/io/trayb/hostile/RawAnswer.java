package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RawHttp;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * What a server sent back on a connection until it closed it.
 *
 * @param text all of it
 */
record RawAnswer(String text) {
    static RawAnswer to(int port, String request) throws IOException {
        return to(port, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    static RawAnswer to(int port, byte[] request) throws IOException {
        try {
            return new RawAnswer(RawHttp.bytes(port, request));
        } catch (SocketException e) {
            // The connection was closed while there was more to send.
            return new RawAnswer("");
        }
    }

    /** Of the first answer, or 0 if the connection was closed without a word. */
    int status() {
        return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    /** A refusal: no failure of ours, a problem that says why, and no word about the code. */
    JsonNode refusal() {
        assertThat(status()).as(text).isGreaterThanOrEqualTo(400);
        assertThat(status()).as(text).isNotIn(500, 502, 504);
        assertThat(text)
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("x-content-type-options: nosniff")
                .containsIgnoringCase("referrer-policy: no-referrer");
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
        assertThat(status()).as(text).isNotZero();
        if (status() >= 400) {
            refusal();
        }
    }
}
