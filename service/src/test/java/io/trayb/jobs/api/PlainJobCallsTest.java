package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that is answered ahead of Jersey is answered as Jersey answers it. */
class PlainJobCallsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    /** Says nothing that matters, and keeps a call from being plain. */
    private static final String[] NOT_PLAIN = {"Accept", "application/json;q=0.5"};

    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'idle'}",
                "{'type':'idle','payload':{'a':[1,2.50,'\\u00e4']},'priority':1,'maxAttempts':2,'timeoutMs':1000}",
                "{'type':'idle','delayMs':3600000}",
                "{'type':'idle','runAt':null}",
                "{'type':'unknown to all'}",
                "{'type':'idle','typo':1}",
                "{'type':'idle','type':'idle'}",
                "{'type':'idle','payload':NaN}",
                "{'type':'idle'} and more",
                "{'type':'idle'",
                "{'type':'idle','payload':'\\u0000'}",
                "{'type':'idle','priority':99999999999999999999}",
                "{'queue':'-','type':7,'priority':'high','runAt':'yesterday','delayMs':-1}",
                "[]",
                "null",
                "'text'",
                " ",
                "\u0000",
            })
    void a_submission(String body) {
        Answer plain = client.post("/jobs", body);
        Answer other = client.post("/jobs", body, NOT_PLAIN);

        assertThat(plain.status()).isEqualTo(other.status());
        assertThat(told(plain)).isEqualTo(told(other));
        assertThat(headers(plain)).isEqualTo(headers(other));
    }

    @Test
    void a_repeated_submission() {
        String body = "{'type':'idle'}";
        Answer first = client.post("/jobs", body, "Idempotency-Key", freshQueue());
        String key = first.response()
                .request()
                .headers()
                .firstValue("Idempotency-Key")
                .orElseThrow();
        Answer plain = client.post("/jobs", body, "Idempotency-Key", key);
        Answer other = client.post("/jobs", body, "Idempotency-Key", key, NOT_PLAIN[0], NOT_PLAIN[1]);
        Answer wrong = client.post("/jobs", "{'type':'noop'}", "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(plain.json(200)).isEqualTo(first.json(201)).isEqualTo(other.json(200));
        assertThat(headers(plain)).isEqualTo(headers(other));
        wrong.problem(409);
        client.post("/jobs", body, "Idempotency-Key", "two words").problem(400);
    }

    @Test
    void a_body_of_other_bytes() {
        for (String type : List.of("text/plain", "application/xml", "application/json; charset=utf-16")) {
            Answer plain = client.postAs(type, "/jobs", "{\"type\":\"idle\"}");
            Answer other = client.postAs(type, "/jobs", "{\"type\":\"idle\"}", NOT_PLAIN);
            assertThat(plain.status()).isEqualTo(other.status());
        }
        client.post("/jobs", "{'type':'idle','payload':'" + "x".repeat(1024 * 1024) + "'}")
                .problem(413);
    }

    @Test
    void a_reading_of_a_waiting_and_of_a_finished_job() {
        String path = "/jobs/" + client.submit("{'type':'idle'}");
        assertThatReadingsAreTheSame(path);
        client.delete(path).json(200);
        assertThatReadingsAreTheSame(path);
        assertThatReadingsAreTheSame(path);
    }

    @Test
    void a_reading_of_what_is_not_there() {
        for (String id : List.of("019ab000-0000-7000-8000-000000000000", "1", "", "%2e", "a/b")) {
            Answer plain = client.get("/jobs/" + id);
            Answer other = client.get("/jobs/" + id, NOT_PLAIN);
            assertThat(plain.status()).isEqualTo(other.status());
            assertThat(plain.body()).isEqualTo(other.body());
        }
    }

    private void assertThatReadingsAreTheSame(String path) {
        Answer plain = client.get(path);
        Answer other = client.get(path, NOT_PLAIN);
        String tag = plain.header("ETag");
        Answer plainUnchanged = client.get(path, "If-None-Match", tag);
        Answer otherUnchanged = client.get(path, "If-None-Match", "\"other\", " + tag);

        assertThat(plain.json(200)).isEqualTo(other.json(200));
        assertThat(headers(plain)).isEqualTo(headers(other));
        assertThat(plainUnchanged.status()).isEqualTo(304);
        assertThat(headers(plainUnchanged)).isEqualTo(headers(otherUnchanged));
        assertThat(client.get(path, "If-None-Match", "\"other\"").body()).isEqualTo(plain.body());
        assertThat(client.get(path, "If-None-Match", "W/" + tag).status()).isEqualTo(304);
    }

    /** The answer without what is another for each job. */
    private static JsonNode told(Answer answer) {
        JsonNode told = ServiceClient.parse(answer.body());
        if (told instanceof ObjectNode job && job.has("id")) {
            assertThat(answer.header("Location"))
                    .endsWith("/api/v1/jobs/" + job.path("id").asText());
            job.remove(List.of("id", "createdAt", "runAt"));
        }
        return told;
    }

    private static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        headers.remove("date");
        headers.computeIfPresent("x-request-id", (name, id) -> List.of("of its own"));
        headers.computeIfPresent("location", (name, at) -> List.of(at.get(0).replaceAll("[0-9a-f-]{36}$", "")));
        return headers;
    }
}
