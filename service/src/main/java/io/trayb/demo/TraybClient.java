package io.trayb.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the HTTP contract that the demo makes. Thread-safe. Every failure is a {@link DemoException} with a sentence, except that of an
 * interrupted thread, which stays interrupted.
 */
final class TraybClient {
    /** What one call of {@code POST /api/v1/jobs/batch} takes. */
    static final int BATCH = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final ObjectMapper json = new ObjectMapper();
    // HTTP/1.1 only: over clear text this client would otherwise ask to upgrade with every first request.
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI service;
    private final @Nullable String key;

    TraybClient(URI service, @Nullable String key) {
        this.service = service;
        this.key = key;
    }

    URI service() {
        return service;
    }

    /** Submits all jobs, {@value #BATCH} a call; the ids are in their order. */
    List<String> submit(List<SampleJob> jobs) {
        List<String> ids = new ArrayList<>(jobs.size());
        for (int start = 0; start < jobs.size(); start += BATCH) {
            List<SampleJob> batch = jobs.subList(start, Math.min(start + BATCH, jobs.size()));
            String answer = text(request("api/v1/jobs/batch")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body(batch))));
            JsonNode accepted = parse(answer).path("jobs");
            if (accepted.size() != batch.size()) {
                throw new DemoException(
                        "the service took " + batch.size() + " jobs and named " + accepted.size() + ": is this Trayb?");
            }
            accepted.forEach(job -> ids.add(job.path("id").asText()));
        }
        return ids;
    }

    /** Empty when the job is in a state that this client doesn't know. */
    Optional<JobState> stateOf(String id) {
        return JobState.named(
                parse(text(request("api/v1/jobs/" + id))).path("state").asText());
    }

    /**
     * Opens the stream of all jobs' events.
     *
     * @param cursor where to resume, or null for from now on
     */
    BlockReader events(@Nullable String cursor) {
        HttpRequest.Builder request = request("api/v1/events?topic=jobs").setHeader("Accept", "text/event-stream");
        if (cursor != null) {
            request.header("Last-Event-ID", cursor);
        }
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw refused(response.statusCode(), bodyOf(response));
        }
        return new BlockReader(response.body());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(TIMEOUT)
                .setHeader("Accept", "application/json, application/problem+json");
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return request;
    }

    private String text(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        return response.body();
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) {
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw new DemoException(
                    "nothing answers at " + service
                            + " as Trayb would. Is it running? `./trayb up` starts it; --url names one elsewhere",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted", e);
        }
    }

    private String body(List<SampleJob> jobs) {
        ObjectNode body = json.createObjectNode();
        ArrayNode array = body.putArray("jobs");
        for (SampleJob job : jobs) {
            ObjectNode node = array.addObject();
            node.put("queue", job.queue());
            node.put("type", job.type());
            node.set("payload", json.valueToTree(job.payload()));
            node.put("priority", job.priority());
            node.put("maxAttempts", job.maxAttempts());
            if (job.delayMs() > 0) {
                node.put("delayMs", job.delayMs());
            }
        }
        return body.toString();
    }

    private JsonNode parse(String answer) {
        try {
            return json.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new DemoException(service + " answers, but not in JSON: is this Trayb?", e);
        }
    }

    private static String bodyOf(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            return new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DemoException("the service answered " + response.statusCode() + " and hung up", e);
        }
    }

    /** The service's own words (RFC 9457), and what to do where the status says it. */
    private DemoException refused(int status, String body) {
        String words;
        try {
            JsonNode problem = json.readTree(body);
            words = problem.path("detail").asText(problem.path("title").asText(""));
        } catch (JsonProcessingException e) {
            words = "";
        }
        String advice =
                switch (status) {
                    case 401 -> ". Set TRAYB_KEY (or --key) to a key with the scopes submit and read";
                    case 403 -> ". The key needs the scopes submit and read, and the queues demo-*";
                    case 404 -> ". Is this Trayb?";
                    default -> "";
                };
        return new DemoException(service + " answers " + status + (words.isEmpty() ? "" : " (" + words + ")") + advice);
    }
}
