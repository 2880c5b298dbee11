package io.trayb.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The service's HTTP API, as far as it is measured. Thread-safe; each instance has connections of its own. */
final class Api {
    /** A job that does nothing. */
    static final String NOOP = "{\"type\":\"noop\",\"queue\":\"bench\"}";

    private static final int LOOK_MS = 100;
    private static final int LOOKS = 600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;

    Api(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    boolean isReady() throws InterruptedException {
        try {
            return client.send(request("/readyz").build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            // It isn't listening yet.
            return false;
        }
    }

    /** Submits one job and returns its id. */
    String submit() throws IOException, InterruptedException {
        return id(checked(client.send(post("/api/v1/jobs", NOOP), HttpResponse.BodyHandlers.ofString())));
    }

    /** Submits one job; the id comes with the answer. */
    CompletableFuture<String> submitLater() {
        return client.sendAsync(post("/api/v1/jobs", NOOP), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> id(checked(answer)));
    }

    /** Submits a batch; it is taken when the answer has come. */
    CompletableFuture<?> submitLater(int jobs) {
        return client.sendAsync(post("/api/v1/jobs/batch", batch(jobs)), HttpResponse.BodyHandlers.ofString())
                .thenApply(Api::checked);
    }

    /** Submits a batch and returns the jobs' ids. */
    List<String> submit(int jobs) throws IOException, InterruptedException {
        String answer = checked(
                        client.send(post("/api/v1/jobs/batch", batch(jobs)), HttpResponse.BodyHandlers.ofString()))
                .body();
        List<String> ids = new ArrayList<>(jobs);
        parse(answer).path("jobs").forEach(job -> ids.add(job.path("id").asText()));
        return ids;
    }

    private static String batch(int jobs) {
        return "{\"jobs\":[" + String.join(",", Collections.nCopies(jobs, NOOP)) + "]}";
    }

    /** Waits until every job of an earlier measurement is done. */
    void awaitIdle() throws IOException, InterruptedException {
        for (int looked = 0; looked < LOOKS; looked++) {
            JsonNode queues = parse(client.send(request("/api/v1/queues").build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .path("queues");
            int left = 0;
            for (JsonNode queue : queues) {
                left += queue.path("waiting").asInt() + queue.path("active").asInt();
            }
            if (left == 0) {
                return;
            }
            // Nothing but the list tells of it, and looking oftener would be load.
            Thread.sleep(LOOK_MS);
        }
        throw new IllegalStateException("jobs of an earlier measurement are still there after a minute");
    }

    /** The stream of all jobs' events. */
    InputStream events() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                client.send(request("/api/v1/events?topic=jobs").build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the event stream answered " + answer.statusCode());
        }
        return answer.body();
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }

    private static String id(HttpResponse<String> answer) {
        return parse(answer.body()).path("id").asText();
    }

    private static HttpResponse<String> checked(HttpResponse<String> answer) {
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    private HttpRequest post(String path, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(1));
    }
}
