package io.trayb.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks for an answer that is there as a whole within a time. The time-out of a request doesn't say that: before Java 26 it is over once the
 * headers are there, and a body that never comes is waited for without end (JDK-8208693).
 */
final class WholeAnswer {
    private WholeAnswer() {}

    static <T> CompletableFuture<HttpResponse<T>> of(
            HttpClient client, String url, BodyHandler<T> body, Duration patience) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(patience).build();
        CompletableFuture<HttpResponse<T>> sent = client.sendAsync(request, body);
        // The time-out doesn't end the exchange: to cancel what was sent closes its connection.
        return sent.thenApply(answer -> answer)
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> sent.cancel(true));
    }
}
