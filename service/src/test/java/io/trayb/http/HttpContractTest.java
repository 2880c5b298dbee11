package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(DropwizardExtensionsSupport.class)
class HttpContractTest {
    private static final DropwizardAppExtension<Configuration> app = new DropwizardAppExtension<>(
            ProbeApplication.class,
            null,
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"));

    private static final String GOOD = """
            {"name":"n","count":1,"flag":true,"at":"2026-11-23T10:00:00+01:00","items":[{"priority":1}],"payload":{"a":1.10}}""";

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void a_good_body_comes_back_with_times_in_utc_and_three_digits_and_numbers_digit_for_digit() throws Exception {
        HttpResponse<String> response = post("/api/probe", GOOD);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("\"at\":\"2026-11-23T09:00:00.000Z\"")
                .contains("{\"a\":1.10}");
    }

    @Test
    void a_field_without_a_value_is_there_as_null() throws Exception {
        HttpResponse<String> response = post("/api/probe", GOOD.replace("\"n\"", "null"));

        assertThat(response.body()).contains("\"name\":null");
    }

    @ParameterizedTest(name = "{0} instead of {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"count\":1 | \"count\":\"5\" | count | a whole number",
                "\"count\":1 | \"count\":1.5 | count | a whole number",
                "\"count\":1 | \"count\":1e3 | count | a whole number",
                "\"count\":1 | \"count\":99999999999 | count | a whole number",
                "\"count\":1 | \"count\":true | count | a whole number",
                "\"count\":1 | \"count\":null | count | a whole number",
                "\"count\":1 | \"count\":\"\" | count | a whole number",
                "\"flag\":true | \"flag\":\"true\" | flag | true or false",
                "\"flag\":true | \"flag\":1 | flag | true or false",
                "\"name\":\"n\" | \"name\":5 | name | a text",
                "\"name\":\"n\" | \"name\":true | name | a text",
                "\"name\":\"n\" | \"name\":[\"n\"] | name | a text",
                "\"items\":[{\"priority\":1}] | \"items\":{} | items | a list",
                "{\"priority\":1} | {\"priority\":1},{\"priority\":\"x\"} | items[1].priority | a whole number",
                "{\"priority\":1} | {\"priorty\":1} | items[0].priorty | is unknown; allowed are priority",
                "\"flag\":true | \"flag\":true,\"flg\":1 | flg | allowed are at, count, flag, items, name, payload",
                "\"flag\":true | \"flag\":true,\"flag\":true | flag | is there twice in one object",
                "{\"a\":1.10} | {\"a\":1,\"a\":2} | a | is there twice in one object",
                "2026-11-23T10:00:00+01:00 | yesterday | at | a time as RFC 3339 has it",
                "2026-11-23T10:00:00+01:00 | +20260-11-23T10:00:00Z | at | a time as RFC 3339 has it",
                "\"2026-11-23T10:00:00+01:00\" | 1764000000 | at | a time as RFC 3339 has it",
            })
    void what_is_not_of_its_type_is_refused_with_the_field_s_name(String good, String bad, String field, String message)
            throws Exception {
        JsonNode problem = problem(400, post("/api/probe", GOOD.replace(good, bad)));

        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo(field);
        assertThat(problem.path("errors").path(0).path("message").asText()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | empty",
                "null | empty",
                "{ | not JSON (line 1",
                "<xml/> | not JSON (line 1",
            })
    void what_is_no_json_is_refused(String body, String detail) throws Exception {
        assertThat(problem(400, post("/api/probe", body)).path("detail").asText())
                .contains(detail);
    }

    @Test
    void a_body_that_goes_on_after_its_json_is_refused() throws Exception {
        assertThat(problem(400, post("/api/probe", GOOD + " {}")).path("detail").asText())
                .contains("goes on after its JSON has ended");
    }

    @Test
    void a_body_that_is_nested_too_deep_is_refused() throws Exception {
        String deep = GOOD.replace("{\"a\":1.10}", "[".repeat(50_000) + "]".repeat(50_000));

        assertThat(problem(400, post("/api/probe", deep)).path("detail").asText())
                .contains("nested too deep");
    }

    @Test
    void several_wrong_fields_are_told_at_once_with_what_was_sent() throws Exception {
        JsonNode problem = problem(400, get("/api/probe/several"));

        assertThat(problem.path("errors")).hasSize(2);
        assertThat(problem.path("errors").path(1).toString())
                .isEqualTo("{\"field\":\"priority\",\"value\":12,\"message\":\"must be 0 (first) to 9 (last)\"}");
    }

    @Test
    void a_broken_constraint_names_the_field_and_the_value() throws Exception {
        JsonNode problem = problem(400, post("/api/probe/bounded", "{\"priority\":12}"));

        JsonNode error = problem.path("errors").path(0);

        assertThat(error.path("field").asText()).as(problem.toString()).isEqualTo("priority");
        assertThat(error.path("value").asInt()).isEqualTo(12);
    }

    @Test
    void a_query_parameter_of_another_type_is_a_400_and_not_a_404() throws Exception {
        JsonNode problem = problem(400, get("/api/probe/limit?limit=many"));

        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo("limit");
    }

    @Test
    void an_unforeseen_failure_tells_an_error_id_and_nothing_about_the_code() throws Exception {
        HttpResponse<String> response = get("/api/probe/fault");

        assertThat(problem(500, response).path("detail").asText()).contains("error id");
        assertThat(response.body()).doesNotContain("secret", "Exception", "io.trayb");
    }

    @Test
    void a_database_out_of_reach_is_a_503_that_says_when_to_come_back() throws Exception {
        HttpResponse<String> response = get("/api/probe/outage");

        assertThat(problem(503, response).path("detail").asText()).contains("Postgres is out of reach");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
    }

    @ParameterizedTest
    @CsvSource({"POST,/api/probe,text/plain,application/json,415", "POST,/api/probe,application/json,image/png,406"})
    void a_wrong_type_is_refused_as_a_problem(String method, String path, String type, String accept, int status)
            throws Exception {
        problem(
                status,
                send(request(path)
                        .header("Content-Type", type)
                        .header("Accept", accept)
                        .method(method, BodyPublishers.ofString(GOOD))));
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/nothing,404", "GET,/nothing,404", "DELETE,/api/probe,405", "TRACE,/api/probe,405"})
    void a_path_or_method_that_is_not_there_is_a_problem(String method, String path, int status) throws Exception {
        problem(status, send(request(path).method(method, BodyPublishers.noBody())));
    }

    @Test
    void a_405_says_which_methods_are_allowed() throws Exception {
        assertThat(send(request("/api/probe").DELETE())
                        .headers()
                        .firstValue("Allow")
                        .orElse(""))
                .contains("POST");
    }

    @Test
    void a_servlet_that_throws_is_a_problem_on_both_ports() throws Exception {
        for (int port : new int[] {app.getLocalPort(), app.getAdminPort()}) {
            HttpResponse<String> response =
                    send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/broken")));

            problem(500, response);
            assertThat(response.body()).doesNotContain("secret", "Exception", "io.trayb");
        }
    }

    @Test
    void a_servlet_can_refuse_with_a_problem() throws Exception {
        assertThat(problem(409, get("/refusing")).path("detail").asText()).isEqualTo("It is taken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /api/probe HTTP/9.9\\r\\nHost: localhost\\r\\n\\r\\n | 505",
                "GARBAGE\\r\\n\\r\\n | 400",
                "GET /api/%zz HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400",
                "GET /api/probe HTTP/1.1\\r\\n\\r\\n | 400",
                "GET /api/../../etc HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400",
                "POST /api/probe HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: many\\r\\n\\r\\n | 400",
                "PRI * HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 404",
            })
    void what_is_no_http_is_refused_as_a_problem(String request, int status) throws Exception {
        String answer = raw(request.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.UTF_8));

        assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("application/problem+json");
        assertThat(answer).contains("\"status\":" + status).doesNotContain("Exception", "org.eclipse");
    }

    @Test
    void a_body_larger_than_any_that_is_taken_is_refused_before_it_is_sent() throws Exception {
        // Headers only: of a body that is larger than any that is taken the answer has to come without a byte.
        String request = """
                POST /api/probe HTTP/1.1
                Host: localhost
                Content-Type: application/json
                Content-Length: LENGTH

                """.replace("LENGTH", Long.toString(BodyLimit.BATCH + 1));

        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            // Nor is the end said: it would be one that comes too early, if it came with the headers.
            StringBuilder answer = new StringBuilder();
            for (int next = socket.getInputStream().read(); next >= 0 && next != '}'; ) {
                answer.append((char) next);
                next = socket.getInputStream().read();
            }
            assertThat(answer.toString()).startsWith("HTTP/1.1 413").contains("1048576 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/probe,415", "/api/nothing,404", "/nothing,405"})
    void an_answer_that_comes_before_the_body_says_that_the_connection_ends(String path, int status) throws Exception {
        try (Socket socket = connect()) {
            // Larger than any that is taken: it isn't waited for.
            String request = textPost(path).replace("Content-Length: 5", "Content-Length: " + (BodyLimit.BATCH + 1));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("\r\nConnection: close\r\n");
        }
    }

    @Test
    void an_answer_to_a_request_that_came_whole_keeps_the_connection() throws Exception {
        String refused = textPost("/api/probe") + "hello";
        String last = "GET /api/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        String answers = raw((refused + last).getBytes(StandardCharsets.UTF_8));

        assertThat(answers).startsWith("HTTP/1.1 415").contains("HTTP/1.1 404");
    }

    @Test
    void a_body_past_the_limit_is_refused_without_a_length_too() throws Exception {
        byte[] body = GOOD.replace("\"n\"", '"' + "x".repeat(1024 * 1024) + '"').getBytes(StandardCharsets.UTF_8);

        problem(413, post("/api/probe", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    }

    @Test
    void a_client_that_goes_on_sending_a_refused_body_still_hears_the_answer() throws Exception {
        String body = "\"" + "x".repeat(12 * 1024 * 1024) + "\"";

        for (int attempt = 0; attempt < 10; attempt++) {
            problem(413, post("/api/probe", body));
        }
    }

    @Test
    void a_body_just_within_the_limit_is_taken() throws Exception {
        String body = GOOD.replace("\"n\"", '"' + "x".repeat(1024 * 1024 - GOOD.length() - 1) + '"');

        assertThat(post("/api/probe", body).statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_that_grows_past_the_limit_when_it_is_unpacked_is_refused() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(GOOD.replace("\"n\"", '"' + "x".repeat(5_000_000) + '"').getBytes(StandardCharsets.UTF_8));
        }

        problem(
                413,
                send(request("/api/probe")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(packed.toByteArray()))));
    }

    @Test
    void a_method_may_have_a_limit_of_its_own() throws Exception {
        assertThat(post("/api/probe/large", "\"" + "x".repeat(2_000_000) + "\"").statusCode())
                .isEqualTo(200);
        problem(413, post("/api/probe/large", "\"" + "x".repeat(3_500_000) + "\""));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return post(path, BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String path, HttpRequest.BodyPublisher body) throws Exception {
        return send(request(path).header("Content-Type", "application/json").POST(body));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + app.getLocalPort() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The head of a request with a body of five bytes, of a type that nothing takes. */
    private static String textPost(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n";
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("localhost", app.getLocalPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String raw(byte[] request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode problem(int status, HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = StrictJson.newMapper().readTree(response.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        return problem;
    }
}
