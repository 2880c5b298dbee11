package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.http.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls a service on this machine as an API client does. Paths begin below {@code /api/v1}. Thread-safe. */
public final class ServiceClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = StrictJson.newMapper();

    private final int port;
    private final @Nullable String key;

    public ServiceClient(int port) {
        this(port, null);
    }

    private ServiceClient(int port, @Nullable String key) {
        this.port = port;
        this.key = key;
    }

    /** The same with an API key on each request. */
    public ServiceClient with(String apiKey) {
        return new ServiceClient(port, apiKey);
    }

    /** What came back. */
    public record Answer(int status, HttpResponse<String> response) {
        public String body() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The body of an answer that has this status and is JSON. */
        public JsonNode json(int expectedStatus) {
            assertThat(status).as(body()).isEqualTo(expectedStatus);
            assertThat(header("Content-Type")).startsWith("application/json");
            return parse(body());
        }

        /** The problem that an answer of this status must be; it never shows a class. */
        public JsonNode problem(int expectedStatus) {
            assertThat(status).as(body()).isEqualTo(expectedStatus);
            assertThat(header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(body()).doesNotContain("Exception", "io.trayb", "java.", "org.");
            JsonNode problem = parse(body());
            assertThat(problem.path("status").asInt()).isEqualTo(expectedStatus);
            assertThat(problem.path("type").asText()).isNotBlank();
            assertThat(problem.path("title").asText()).isNotBlank();
            assertThat(problem.path("detail").asText()).isNotBlank();
            return problem;
        }

        /** The fields that a refusal with 400 names, in its order. */
        public List<String> wrongFields() {
            List<String> fields = new ArrayList<>();
            for (JsonNode error : problem(400).path("errors")) {
                assertThat(error.path("message").asText()).isNotBlank();
                fields.add(error.path("field").asText());
            }
            return fields;
        }
    }

    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("no JSON: " + json, e);
        }
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /** Puts JSON; single quotes in it stand for double ones. */
    public Answer put(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    /** Any request at all; without a body if that is null. Single quotes in it stand for double ones. */
    public Answer call(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = request(path);
        return send(
                body == null
                        ? request.method(method, BodyPublishers.noBody())
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    /** Posts without a body. */
    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    /** Posts JSON; single quotes in it stand for double ones. */
    public Answer post(String path, String body, String... headers) {
        return postAs("application/json", path, body.replace('\'', '"'), headers);
    }

    public Answer postAs(String contentType, String path, String body, String... headers) {
        return send(request(path, headers).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
    }

    /** Submits a job that must be accepted; returns its id. Single quotes stand for double ones. */
    public String submit(String body) {
        return post("/jobs", body).json(201).path("id").asText();
    }

    /** A job as it is now. */
    public JsonNode job(String id) {
        return get("/jobs/" + id).json(200);
    }

    /** A queue as the list has it now. */
    public JsonNode queue(String name) {
        for (JsonNode queue : get("/queues").json(200).path("queues")) {
            if (queue.path("name").asText().equals(name)) {
                return queue;
            }
        }
        throw new AssertionError("queue " + name + " is not listed");
    }

    /** A job once it is in a state. */
    public JsonNode awaitState(String id, String state) {
        return await().alias(id + " is " + state)
                .atMost(Duration.ofSeconds(15))
                .until(() -> job(id), job -> job.path("state").asText().equals(state));
    }

    /** A name that no other test uses. */
    public static String freshQueue() {
        return "q-" + UUID.randomUUID();
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .timeout(TIMEOUT);
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the service was asked", e);
        }
    }
}
