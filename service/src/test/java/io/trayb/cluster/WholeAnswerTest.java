package io.trayb.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class WholeAnswerTest {
    @Test
    void headers_alone_are_no_answer_and_the_connection_is_given_up() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(5000);
            CompletableFuture<HttpResponse<String>> answer = WholeAnswer.of(
                    HttpClient.newHttpClient(),
                    "http://127.0.0.1:" + server.getLocalPort() + "/metrics",
                    BodyHandlers.ofString(),
                    Duration.ofMillis(300));
            try (Socket connection = server.accept()) {
                connection.setSoTimeout(5000);
                connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".getBytes(US_ASCII));

                assertThat(answer)
                        .failsWithin(5, TimeUnit.SECONDS)
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(TimeoutException.class);
                // To its end: nothing more is to come.
                assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }
}
