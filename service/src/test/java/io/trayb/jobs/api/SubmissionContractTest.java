package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static io.trayb.testing.ServiceClient.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /api/v1/jobs}: what is taken, what is refused, and how both are said. */
class SubmissionContractTest {
    /** A type that nobody runs: its jobs stay as they were submitted. */
    private static final String IDLE = "'type':'idle'";

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_type_alone_is_a_job_with_every_field_there_and_the_defaults() {
        JsonNode job = client.post("/jobs", "{'type':'idle'}").json(201);

        String withoutTimesAndId =
                job.toString().replaceAll(TIME, "TIME").replace(job.path("id").asText(), "ID");
        assertThat(withoutTimesAndId).isEqualTo("""
                        {"id":"ID","queue":"default","type":"idle","state":"waiting","priority":5,"payload":null,\
                        "attempt":0,"maxAttempts":5,"timeoutMs":60000,"runAt":"TIME","progress":null,"result":null,\
                        "error":null,"uniqueKey":null,"createdAt":"TIME","startedAt":null,"finishedAt":null}""");
    }

    @Test
    void the_location_leads_to_the_job() {
        Answer answer = client.post("/jobs", "{'type':'idle'}");

        String location = answer.header("Location");
        assertThat(location)
                .isEqualTo("http://127.0.0.1:" + service.port() + "/api/v1/jobs/"
                        + answer.json(201).path("id").asText());
        assertThat(client.get(location.substring(location.indexOf("/jobs"))).json(200))
                .isEqualTo(answer.json(201));
    }

    @Test
    void every_field_that_was_given_comes_back() {
        JsonNode job = client.post(
                        "/jobs",
                        "{'queue':'mail.out_1','type':'Mail:send.v2','payload':{'to':['a']},'priority':0,"
                                + "'runAt':'2026-01-01T00:00:00.5+01:00','maxAttempts':50,'timeoutMs':86400000,"
                                + "'uniqueKey':'~!x'}")
                .json(201);

        assertThat(job.path("queue").asText()).isEqualTo("mail.out_1");
        assertThat(job.path("type").asText()).isEqualTo("Mail:send.v2");
        assertThat(job.path("payload")).isEqualTo(parse("{\"to\":[\"a\"]}"));
        assertThat(job.path("priority").asInt()).isZero();
        assertThat(job.path("runAt").asText()).isEqualTo("2025-12-31T23:00:00.500Z");
        assertThat(job.path("state").asText()).isEqualTo("waiting");
        assertThat(job.path("maxAttempts").asInt()).isEqualTo(50);
        assertThat(job.path("timeoutMs").asInt()).isEqualTo(86_400_000);
        assertThat(job.path("uniqueKey").asText()).isEqualTo("~!x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.10",
                "12345678901234567890123456789012345678901234567890",
                "1E+1000000000",
                "\"x\"",
                "true",
                "[]",
                "{}",
                "{\"ä\":\"€ 😀 \\\" \\\\ \\n\",\"\":[null,{\"b\":0.0}]}",
                "{\"b\":1,\"a\":2}",
            })
    void a_payload_comes_back_to_the_digit(String payload) {
        String body = "{\"type\":\"idle\",\"payload\":" + payload + "}";

        Answer answer = client.postAs("application/json", "/jobs", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).contains("\"payload\":" + payload + ",");
        assertThat(client.get("/jobs/" + answer.json(201).path("id").asText()).body())
                .isEqualTo(answer.body());
    }

    @Test
    void a_delay_is_counted_from_the_submission() {
        JsonNode job =
                client.post("/jobs", "{'type':'idle','delayMs':31536000000}").json(201);

        assertThat(job.path("state").asText()).isEqualTo("delayed");
        assertThat(Duration.between(
                        Instant.parse(job.path("createdAt").asText()),
                        Instant.parse(job.path("runAt").asText())))
                .isEqualTo(Duration.ofDays(365));
    }

    @Test
    void a_time_to_come_delays_and_no_delay_does_not() {
        String tomorrow = Instant.now().plus(Duration.ofDays(1)).toString();

        assertThat(state("{'type':'idle','runAt':'" + tomorrow + "'}")).isEqualTo("delayed");
        assertThat(state("{'type':'idle','delayMs':0}")).isEqualTo("waiting");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type | `'type':null`",
                "type | `'queue':'a'`",
                "type | `'type':''`",
                "type | `'type':'-a'`",
                "type | `'type':'a b'`",
                "type | `'type':5`",
                "queue | `'type':'a','queue':''`",
                "queue | `'type':'a','queue':'Upper'`",
                "queue | `'type':'a','queue':'a/b'`",
                "queue | `'type':'a','queue':['a']`",
                "priority | `'type':'a','priority':-1`",
                "priority | `'type':'a','priority':10`",
                "priority | `'type':'a','priority':5.0`",
                "priority | `'type':'a','priority':'5'`",
                "priority | `'type':'a','priority':99999999999999999999`",
                "priority | `'type':'a','priority':1e1000000000`",
                "maxAttempts | `'type':'a','maxAttempts':0`",
                "maxAttempts | `'type':'a','maxAttempts':51`",
                "timeoutMs | `'type':'a','timeoutMs':0`",
                "timeoutMs | `'type':'a','timeoutMs':86400001`",
                "delayMs | `'type':'a','delayMs':-1`",
                "delayMs | `'type':'a','delayMs':31536000001`",
                "delayMs | `'type':'a','delayMs':1,'runAt':'2026-01-01T00:00:00Z'`",
                "runAt | `'type':'a','runAt':'tomorrow'`",
                "runAt | `'type':'a','runAt':'2026-01-01T00:00:00'`",
                "runAt | `'type':'a','runAt':'2026-02-30T00:00:00Z'`",
                "runAt | `'type':'a','runAt':1764000000000`",
                "runAt | `'type':'a','runAt':'1969-12-31T23:59:59Z'`",
                "runAt | `'type':'a','runAt':'9999-12-31T00:00:00Z'`",
                "uniqueKey | `'type':'a','uniqueKey':''`",
                "uniqueKey | `'type':'a','uniqueKey':'a b'`",
                "uniqueKey | `'type':'a','uniqueKey':'ä'`",
                "uniqueKey | `'type':'a','uniqueKey':7`",
                "maxAttemps | `'type':'a','maxAttemps':3`",
                "id | `'type':'a','id':'x'`",
                "type | `'type':'a','type':'b'`",
                "a | `'type':'a','payload':{'a':1,'a':2}`",
                "payload | `'type':'a','payload':'\\u0000'`",
                "payload | `'type':'a','payload':{'a':['\\ud800']}`",
            })
    void a_field_that_is_not_as_it_must_be_is_named(String field, String fields) {
        assertThat(client.post("/jobs", "{" + fields + "}").wrongFields()).containsExactly(field);
    }

    @Test
    void names_and_keys_have_a_longest() {
        String queue = "q".repeat(64);
        String type = "t".repeat(100);
        String key = "k".repeat(200);

        client.submit("{'queue':'%s','type':'%s','uniqueKey':'%s'}".formatted(queue, type, key));

        assertThat(client.post("/jobs", "{'queue':'%sq','type':'%st','uniqueKey':'%sk'}".formatted(queue, type, key))
                        .wrongFields())
                .containsExactlyInAnyOrder("queue", "type", "uniqueKey");
    }

    @Test
    void all_that_is_wrong_is_told_at_once_with_the_value_and_what_is_allowed() {
        JsonNode errors = client.post("/jobs", "{'type':'a','priority':12,'maxAttemps':3}")
                .problem(400)
                .path("errors");

        assertThat(errors).hasSize(2);
        assertThat(errors.toString())
                .contains("\"field\":\"priority\",\"value\":12", "from 0 to 9", "maxAttemps", "maxAttempts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "'a'", "{", "{'type':'a'} {}", "{'type':'a',}", "not json"})
    void a_body_that_is_no_json_object_is_refused(String body) {
        client.post("/jobs", body).problem(400);
    }

    @Test
    void a_payload_of_256_kib_is_taken_and_a_byte_more_is_not() {
        // A Euro sign is one character and three bytes: bytes count. The quotes are two of them.
        String most = "€".repeat(87_380) + "xx";

        client.submit("{'type':'idle','payload':'%s'}".formatted(most));

        assertThat(client.post("/jobs", "{'type':'idle','payload':'%sx'}".formatted(most))
                        .problem(413)
                        .path("detail")
                        .asText())
                .contains("payload", "262144");
    }

    @Test
    void a_body_over_1_mib_is_refused() {
        client.post("/jobs", "{'type':'idle'" + " ".repeat(1024 * 1024) + "}").problem(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded"})
    void a_body_of_another_type_is_refused(String type) {
        client.postAs(type, "/jobs", "{\"type\":\"idle\"}").problem(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jobs", "/jobs/batch", "/queues/a/leases", "/queues/a/replay"})
    void a_body_that_is_not_there_is_told_to_be_missing(String path) {
        assertThat(client.post(path).problem(400).path("detail").asText()).contains("empty");
    }

    @Test
    void an_answer_of_another_type_is_not_to_be_had() {
        client.post("/jobs", "{'type':'idle'}", "Accept", "application/xml").problem(406);
        client.get("/jobs", "Accept", "text/html").problem(406);
        client.get("/queues", "Accept", "text/html").problem(406);
    }

    @Test
    void the_same_idempotency_key_with_the_same_body_is_the_first_job() {
        String key = freshQueue();
        JsonNode first = client.post(
                        "/jobs", "{'type':'idle','payload':{'a':1,'b':[1,{'c':2,'d':3}]}}", "Idempotency-Key", key)
                .json(201);

        Answer again = client.post(
                "/jobs", " {'payload':{'b':[1,{'d':3,'c':2}],'a':1}, 'type':'idle'}", "Idempotency-Key", key);

        assertThat(again.json(200)).isEqualTo(first);
    }

    @Test
    void an_idempotency_key_shows_the_first_job_as_it_is_now() {
        String key = freshQueue();
        String id = client.post("/jobs", "{'type':'idle'}", "Idempotency-Key", key)
                .json(201)
                .path("id")
                .asText();
        client.delete("/jobs/" + id).json(200);

        assertThat(client.post("/jobs", "{'type':'idle'}", "Idempotency-Key", key)
                        .json(200)
                        .path("state")
                        .asText())
                .isEqualTo("cancelled");
    }

    @Test
    void the_same_idempotency_key_with_another_body_is_a_conflict_and_adds_nothing() {
        String key = freshQueue();
        String queue = freshQueue();
        client.post("/jobs", body(queue, "'payload':[1,2]"), "Idempotency-Key", key)
                .json(201);

        client.post("/jobs", body(queue, "'payload':[2,1]"), "Idempotency-Key", key)
                .problem(409);

        assertThat(client.queue(queue).path("waiting").asInt()).isEqualTo(1);
    }

    @Test
    void a_refused_body_uses_no_idempotency_key_up() {
        String key = freshQueue();
        client.post("/jobs", "{'type':'idle','priority':12}", "Idempotency-Key", key)
                .problem(400);

        client.post("/jobs", "{'type':'idle'}", "Idempotency-Key", key).json(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b"})
    void an_idempotency_key_that_is_none_is_refused(String key) {
        assertThat(client.post("/jobs", "{'type':'idle'}", "Idempotency-Key", key)
                        .wrongFields())
                .containsExactly("Idempotency-Key");
    }

    @Test
    void an_idempotency_key_may_have_200_characters() {
        String key = "k".repeat(200);

        client.post("/jobs", "{'type':'idle'}", "Idempotency-Key", key).json(201);
        client.post("/jobs", "{'type':'idle'}", "Idempotency-Key", key + "k").problem(400);
    }

    @Test
    void a_unique_key_that_an_unfinished_job_holds_is_that_job_and_a_new_one_after_its_end() {
        String queue = freshQueue();
        JsonNode first = client.post("/jobs", body(queue, "'uniqueKey':'k'")).json(201);

        JsonNode second = client.post("/jobs", body(queue, "'uniqueKey':'k','priority':1"))
                .json(200);

        assertThat(second).isEqualTo(first);
        client.delete("/jobs/" + first.path("id").asText()).json(200);
        assertThat(client.post("/jobs", body(queue, "'uniqueKey':'k'"))
                        .json(201)
                        .path("id"))
                .isNotEqualTo(first.path("id"));
    }

    @Test
    void a_unique_key_counts_within_its_queue_and_type_alone() {
        String queue = freshQueue();
        client.submit(body(queue, "'uniqueKey':'k'"));

        client.post("/jobs", "{'queue':'%s','type':'other','uniqueKey':'k'}".formatted(queue))
                .json(201);
        client.post("/jobs", body(freshQueue(), "'uniqueKey':'k'")).json(201);
    }

    private String state(String body) {
        return client.post("/jobs", body).json(201).path("state").asText();
    }

    private static String body(String queue, String more) {
        return "{" + IDLE + ",'queue':'" + queue + "'," + more + "}";
    }
}
