package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that nobody means well with, to every call that takes one. */
class HostileBodiesTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    /**
     * A call that takes a body.
     *
     * @param body with an {@code @} where a field's JSON goes
     * @param field what a refusal names
     */
    private record Field(String call, String body, String field) {
        String method() {
            return call.substring(0, call.indexOf(' '));
        }

        String path() {
            return call.substring(call.indexOf(' ') + 1);
        }
    }

    private static String held = "";

    @BeforeAll
    static void holdAJob() {
        held = service.client().submit("{'queue':'held','type':'nobody'}");
        service.client()
                .post("/queues/held/leases", "{'worker':'w','leaseMs':3600000}")
                .json(200);
        service.client()
                .post("/schedules", "{'name':'kept','intervalMs':86400000,'job':{'type':'nobody'}}")
                .json(201);
    }

    private static List<Field> texts() {
        return List.of(
                new Field("POST /jobs", "{'type':@}", "type"),
                new Field("POST /jobs", "{'type':'x','queue':@}", "queue"),
                new Field("POST /jobs", "{'type':'x','uniqueKey':@}", "uniqueKey"),
                new Field("POST /jobs", "{'type':'x','runAt':@}", "runAt"),
                new Field("POST /jobs", "{'type':'x','payload':@}", "payload"),
                new Field("POST /jobs", "{'type':'x','payload':{'deep':[1,{'er':@}]}}", "payload"),
                new Field("POST /jobs", "{'type':'x','payload':{@:1}}", "payload"),
                new Field("POST /jobs/batch", "{'jobs':[{'type':'x'},{'type':@}]}", "jobs[1].type"),
                new Field("POST /jobs/batch", "{'jobs':[{'type':'x'},{'type':'x','payload':@}]}", "jobs[1].payload"),
                new Field("POST /schedules", schedule("'name':@"), "name"),
                new Field("POST /schedules", "{'name':'s','cron':@,'job':{'type':'x'}}", "cron"),
                new Field("POST /schedules", schedule("'name':'s','timeZone':@"), "timeZone"),
                new Field("POST /schedules", schedule("'name':'s','missedRuns':@"), "missedRuns"),
                new Field("POST /schedules", "{'name':'s','intervalMs':60000,'job':{'type':@}}", "job.type"),
                new Field(
                        "POST /schedules",
                        "{'name':'s','intervalMs':60000,'job':{'type':'x','payload':@}}",
                        "job.payload"),
                new Field(
                        "POST /schedules",
                        "{'name':'s','intervalMs':60000,'job':{'type':'x','uniqueKey':@}}",
                        "job.uniqueKey"),
                new Field("PUT /schedules/kept", schedule("'timeZone':@"), "timeZone"),
                new Field("POST /queues/held/leases", "{'worker':@}", "worker"),
                new Field("POST /queues/held/leases", "{'worker':'w','types':[@]}", "types[0]"),
                new Field("POST /queues/held/replay", "{'state':@}", "state"),
                new Field("POST /queues/held/replay", "{'type':@}", "type"),
                new Field("POST /queues/held/replay", "{'failedAfter':@}", "failedAfter"),
                new Field("POST /jobs/HELD/heartbeat", "{'leaseToken':@}", "leaseToken"),
                new Field("POST /jobs/HELD/heartbeat", "{'leaseToken':'lease-1','log':@}", "log"),
                new Field("POST /jobs/HELD/complete", "{'leaseToken':@}", "leaseToken"),
                new Field("POST /jobs/HELD/complete", "{'leaseToken':'lease-1','result':@}", "result"),
                new Field("POST /jobs/HELD/fail", "{'error':'x','leaseToken':@}", "leaseToken"),
                new Field("POST /events/tickets", "{'topics':['jobs',@]}", "topics[1]"),
                new Field("POST /keys", "{'scopes':['read'],'name':@}", "name"),
                new Field("POST /keys", "{'name':'k','scopes':['read',@]}", "scopes[1]"),
                new Field("POST /keys", "{'name':'k','scopes':['read'],'queues':@}", "queues"),
                new Field("POST /keys", "{'name':'k','scopes':['read'],'rate':@}", "rate"),
                new Field("POST /keys", "{'name':'k','scopes':['read'],'expiresAt':@}", "expiresAt"));
    }

    private static List<Field> numbers() {
        return List.of(
                new Field("POST /jobs", "{'type':'x','priority':@}", "priority"),
                new Field("POST /jobs", "{'type':'x','maxAttempts':@}", "maxAttempts"),
                new Field("POST /jobs", "{'type':'x','timeoutMs':@}", "timeoutMs"),
                new Field("POST /jobs", "{'type':'x','delayMs':@}", "delayMs"),
                new Field("POST /jobs/batch", "{'jobs':[{'type':'x','priority':@}]}", "jobs[0].priority"),
                new Field("POST /schedules", "{'name':'s','intervalMs':@,'job':{'type':'x'}}", "intervalMs"),
                new Field("PUT /queues/held", "{'maxActive':@}", "maxActive"),
                new Field("PUT /queues/held", "{'maxStartsPerSecond':@}", "maxStartsPerSecond"),
                new Field("POST /queues/held/replay", "{'limit':@}", "limit"),
                new Field("POST /queues/held/leases", "{'worker':'w','limit':@}", "limit"),
                new Field("POST /queues/held/leases", "{'worker':'w','leaseMs':@}", "leaseMs"),
                new Field("POST /queues/held/leases", "{'worker':'w','waitMs':@}", "waitMs"),
                new Field("POST /jobs/HELD/heartbeat", "{'leaseToken':'lease-1','leaseMs':@}", "leaseMs"),
                new Field("POST /jobs/HELD/heartbeat", "{'leaseToken':'lease-1','progress':@}", "progress"));
    }

    private static String schedule(String fields) {
        return "{" + fields + ",'intervalMs':60000,'job':{'type':'x'}}";
    }

    /** Text that Postgres keeps nowhere (U+0000), or that is no text: halves of a character, bytes that aren't UTF-8. */
    @TestFactory
    Stream<DynamicTest> text_that_nobody_can_keep_is_refused_by_its_field() {
        List<String> unkept =
                List.of("\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\\udbff\"");
        return texts().stream()
                .map(field -> DynamicTest.dynamicTest(field.call() + " " + field.field(), () -> {
                    for (String text : unkept) {
                        // Half a character in a name is no JSON to the parser.
                        List<String> named = field.body().contains("{@:") && text.contains("\\ud")
                                ? List.of()
                                : List.of(field.field());
                        assertThat(refusedFields(field, text)).as(text).containsAll(named);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> bytes_that_are_no_utf_8_are_refused() {
        List<String> bytes = List.of(
                "\"\u00c0\u0080\"",
                "\"\u00ed\u00a0\u0080\"",
                "\"\u00ff\"",
                "\"a\u0080b\"",
                "\"\u00e2\u0082\"",
                "\"\u00f5\u0080\u0080\u0080\"",
                "\"\u00f0\u0080\"",
                "\"\u0000\"",
                "\"\u0001\"",
                "\"a\nb\"");
        return texts().stream()
                .map(field -> DynamicTest.dynamicTest(field.call() + " " + field.field(), () -> {
                    for (String text : bytes) {
                        assertThat(sent(field, text).refusal().path("status").asInt())
                                .as(text)
                                .isEqualTo(400);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> line_breaks_and_other_shapes_are_refused_in_every_field_that_is_a_name() {
        List<String> shapes = List.of(
                "\"a\\r\\nb\"",
                "\"a\\nb\"",
                "\"\\u2028\"",
                "\"\\u001b[31m\"",
                "{}",
                "[]",
                "[[]]",
                "true",
                "1",
                "\"" + "x".repeat(10_000) + "\"");
        return texts().stream()
                .filter(field -> !field.field().endsWith("payload")
                        && !List.of("log", "result").contains(field.field()))
                .map(field -> DynamicTest.dynamicTest(field.call() + " " + field.field(), () -> {
                    for (String text : shapes) {
                        JsonNode problem = sent(field, text).refusal();
                        assertThat(problem.path("status").asInt()).as(text).isEqualTo(400);
                        assertThat(problem.path("errors").path(0).path("field").asText())
                                .as(text)
                                .startsWith(field.field());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> numbers_beyond_all_measure_are_refused_by_their_field() {
        List<String> numbers = List.of(
                "-1",
                "-0.5",
                "1.5",
                "1e2",
                "1E400",
                "1e999999999",
                "-1e-999999999",
                "9223372036854775808",
                "99999999999999999999",
                "9".repeat(999),
                "\"5\"",
                "\"\"",
                "true",
                "[1]",
                "{}");
        return numbers().stream()
                .map(field -> DynamicTest.dynamicTest(field.call() + " " + field.field(), () -> {
                    for (String number : numbers) {
                        assertThat(refusedFields(field, number)).as(number).contains(field.field());
                    }
                    for (String number : List.of(
                            "9".repeat(100_000),
                            "1e99999999999",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "+1",
                            "01",
                            ".5",
                            "5.",
                            "0x10",
                            "1_000",
                            "--1",
                            "-",
                            "1e")) {
                        assertThat(sent(field, number).refusal().path("status").asInt())
                                .as(number)
                                .isEqualTo(400);
                    }
                }));
    }

    /** A payload is anybody's JSON, so numbers in it are kept as they are, as far as they can be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "-1e-999999999",
                "1E400",
                "123456789012345678901234567890.1234567890",
                "-0",
                "-0.0",
                "1.10",
                "0.1e1"
            })
    void a_huge_number_in_a_payload_is_kept_and_read_again(String number) throws IOException {
        Field field = new Field("POST /jobs", "{'type':'x','payload':[@]}", "payload");
        RawAnswer answer = sent(field, number);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        String body = answer.text()
                .substring(answer.text().indexOf('{'), answer.text().lastIndexOf('}') + 1);

        String id = ServiceClient.parse(body).path("id").asText();

        assertThat(new java.math.BigDecimal(
                        service.client().job(id).path("payload").path(0).asText()))
                .isEqualByComparingTo(new java.math.BigDecimal(number));
        assertThat(service.client().get("/jobs?limit=1").status()).isEqualTo(200);
    }

    @TestFactory
    Stream<DynamicTest> what_is_no_body_is_refused_everywhere() {
        List<String> bodies = new ArrayList<>(List.of(
                "",
                " ",
                "null",
                "[]",
                "\"x\"",
                "0",
                "true",
                "NaN",
                "{",
                "}",
                "{]",
                "{\"a\"",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1}}",
                "{} {}",
                "/* */{}",
                "// x\n{}",
                "{\"a\":1,\"a\":2}",
                "{\"\":1}",
                "{\"__proto__\":{}}",
                "{\"\\u0000\":1}",
                "{\"\\ud800\":1}",
                "\u00ff\u00fe{\u0000}\u0000",
                "\u00fe\u00ff\u0000{\u0000}",
                "<xml/>",
                "a=b&c=d",
                "\u0000",
                "\u00ff",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "[".repeat(201) + "]".repeat(201),
                "{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}",
                "\"" + "\\u0000".repeat(10_000) + "\"",
                "{\"" + "k".repeat(60_000) + "\":1}"));
        return texts().stream()
                .map(Field::call)
                .distinct()
                .map(call -> DynamicTest.dynamicTest(call, () -> {
                    for (String body : bodies) {
                        JsonNode problem = sent(new Field(call, "@", ""), body).refusal();
                        assertThat(problem.path("status").asInt())
                                .as(shown(body))
                                .isEqualTo(400);
                    }
                }));
    }

    @Test
    void a_field_that_is_there_twice_is_refused_however_it_is_written() throws IOException {
        for (String twice :
                List.of("'type':'a','type':'b'", "'type':'a','t\\u0079pe':'a'", "'type':'a','payload':{'k':1,'k':1}")) {
            JsonNode problem =
                    sent(new Field("POST /jobs", "{" + twice + "}", "type"), "").refusal();
            assertThat(problem.path("detail").asText()).contains("twice in one object");
        }
    }

    @Test
    void what_a_worker_says_went_wrong_is_kept_without_what_cannot_be() throws IOException {
        String id = service.client().submit("{'queue':'failing','type':'nobody'}");
        String token = service.client()
                .post("/queues/failing/leases", "{'worker':'w'}")
                .json(200)
                .path("jobs")
                .path(0)
                .path("leaseToken")
                .asText();

        RawAnswer answer = sent(
                new Field(
                        "POST /jobs/" + id + "/fail",
                        "{'leaseToken':'" + token + "','retry':false,'error':@}",
                        "error"),
                "\"a\\u0000b\\r\\nc\\ud800\"");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(service.client().job(id).path("error").path("message").asText())
                .startsWith("a b\r\nc");
    }

    @Test
    void a_cron_expression_that_never_comes_is_refused_by_its_field() {
        for (String cron : List.of("0 0 31 2 *", "0 0 31 4,6,9,11 *", "0 0 29 2 *", "* * * * * *", "@reboot")) {
            ServiceClient.Answer answer = service.client()
                    .post("/schedules", "{'name':'never','cron':'" + cron + "','job':{'type':'nobody'}}");
            if (cron.equals("0 0 29 2 *")) {
                // Comes, if seldom.
                assertThat(answer.status()).as(answer.body()).isEqualTo(201);
                assertThat(service.client().delete("/schedules/never").status()).isEqualTo(204);
            } else {
                assertThat(answer.wrongFields()).as(cron).contains("cron");
            }
        }
    }

    private static List<String> refusedFields(Field field, String json) throws IOException {
        JsonNode problem = sent(field, json).refusal();
        assertThat(problem.path("status").asInt()).isEqualTo(400);
        List<String> fields = new ArrayList<>();
        problem.path("errors").forEach(error -> fields.add(error.path("field").asText()));
        return fields;
    }

    /** Characters up to U+00FF stand for bytes; single quotes in the field's body for double ones. */
    private static RawAnswer sent(Field field, String json) throws IOException {
        byte[] body = field.body().replace('\'', '"').replace("@", json).getBytes(StandardCharsets.ISO_8859_1);
        String head = field.method() + " /api/v1" + field.path().replace("HELD", held)
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        byte[] request = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
        System.arraycopy(body, 0, request, head.length(), body.length);
        return RawAnswer.to(service.port(), request);
    }

    private static String shown(String body) {
        return body.length() <= 80 ? body : body.substring(0, 80) + "…";
    }
}
