package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static io.trayb.testing.ServiceClient.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job types that everybody has, seen through the API. */
class BuiltInTypesContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("HTTP_JOB_ALLOW", "127.0.0.1"));

    private static HttpServer called;

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeAll
    static void startCalledServer() throws IOException {
        called = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        called.createContext("/", exchange -> {
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            byte[] body = (exchange.getRequestMethod() + " "
                            + exchange.getRequestHeaders().getFirst("X-Mine") + " "
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        called.start();
    }

    @AfterAll
    static void stopCalledServer() {
        called.stop(0);
    }

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "[1,{\"a\":\"b\"}]"})
    void noop_completes_whatever_its_payload_is(String payload) {
        JsonNode job = run("noop", payload, "completed");

        assertThat(job.path("result").isNull()).isTrue();
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        assertThat(job.path("startedAt").asText()).matches(".*\\.\\d{3}Z");
        assertThat(job.path("finishedAt").asText()).matches(".*\\.\\d{3}Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.10", "\"ä😀\"", "[1,{\"b\":0.00,\"a\":12345678901234567890123}]"})
    void echo_has_its_payload_for_a_result(String payload) {
        JsonNode job = run("echo", payload, "completed");

        assertThat(job.path("result").toString()).isEqualTo(payload);
    }

    @Test
    void sleep_reports_its_progress_while_it_runs_and_ends_at_100() {
        String id = submit("sleep", "{\"ms\":1600}", "");

        await().until(() -> client.job(id).path("progress").asInt(), progress -> progress > 0 && progress < 100);

        assertThat(client.awaitState(id, "completed").path("progress").asInt()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"ms\":-1}", "{\"ms\":\"2\"}", "{\"ms\":86400001}", "{\"sm\":1}", "[]"})
    void sleep_with_a_payload_that_does_not_fit_fails_for_good_and_shows_no_class(String payload) {
        JsonNode job = run("sleep", payload, "failed");

        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        assertThat(job.path("error").path("message").asText())
                .contains("payload")
                .doesNotContain("io.trayb", "Exception", "java.");
    }

    @Test
    void fail_fails_as_often_as_it_is_told_and_then_completes() {
        JsonNode job = run("fail", "{\"message\":\"not yet\",\"times\":1}", "completed");

        assertThat(job.path("attempt").asInt()).isEqualTo(2);
        assertThat(job.path("error").path("message").asText()).isEqualTo("not yet");
        assertThat(job.path("error").path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void fail_fails_all_attempts_by_default() {
        String id = submit("fail", "null", ",'maxAttempts':2");

        JsonNode job = client.awaitState(id, "failed");

        assertThat(job.path("attempt").asInt()).isEqualTo(2);
        assertThat(job.path("error").path("message").asText()).isNotBlank();
        assertThat(job.path("result").isNull()).isTrue();
    }

    @Test
    void http_calls_what_is_allowed_and_keeps_the_answer() {
        JsonNode job = run(
                "http",
                "{\"method\":\"POST\",\"url\":\"%s\",\"headers\":{\"X-Mine\":\"yes\"},\"body\":{\"a\":1}}"
                        .formatted(url(200)),
                "completed");

        assertThat(job.path("result"))
                .isEqualTo(parse("{\"status\":200,\"body\":\"POST yes {\\\"a\\\":1}\",\"truncated\":false}"));
    }

    @Test
    void http_does_not_call_what_is_not_allowed() {
        JsonNode job = run("http", "{\"url\":\"http://localhost:1/\"}", "failed");

        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        assertThat(job.path("error").path("message").asText()).contains("localhost", "HTTP_JOB_ALLOW");
    }

    @Test
    void http_fails_for_good_on_4xx_and_is_tried_again_on_5xx() {
        assertThat(run("http", "{\"url\":\"" + url(404) + "\"}", "failed")
                        .path("error")
                        .path("message")
                        .asText())
                .contains("404");

        JsonNode delayed = run("http", "{\"url\":\"" + url(503) + "\"}", "delayed");

        assertThat(delayed.path("error").path("message").asText()).contains("503");
        client.delete("/jobs/" + delayed.path("id").asText()).json(200);
    }

    @Test
    void a_type_that_nobody_runs_waits_while_others_pass_by() {
        String idle = submit("idle", "null", "");

        run("noop", "null", "completed");

        assertThat(client.job(idle).path("state").asText()).isEqualTo("waiting");
    }

    @Test
    void an_attempt_that_takes_too_long_fails() {
        String id = submit("sleep", "{\"ms\":60000}", ",'timeoutMs':100,'maxAttempts':1");

        assertThat(client.awaitState(id, "failed").path("error").path("message").asText())
                .contains("100 ms");
    }

    private JsonNode run(String type, String payload, String state) {
        return client.awaitState(submit(type, payload, ""), state);
    }

    private String submit(String type, String payload, String more) {
        return client.submit("{'queue':'%s','type':'%s','payload':%s%s}".formatted(queue, type, payload, more));
    }

    private static String url(int status) {
        return "http://127.0.0.1:" + called.getAddress().getPort() + "/" + status;
    }
}
