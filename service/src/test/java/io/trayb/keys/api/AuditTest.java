package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.LoggedLines;
import io.trayb.testing.RawHttp;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the audit log has of calls that operate: who, what and with what result, and nothing that is secret. */
class AuditTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private static String rootKey = "";

    @BeforeAll
    static void makeAKey() {
        rootKey = made(service.client(), "{'name':'root','scopes':['submit','read','work','operate']}");
    }

    private static String made(ServiceClient client, String body) {
        return client.post("/keys", body).json(201).path("key").asText();
    }

    private static ServiceClient root() {
        return service.client().with(rootKey);
    }

    @Test
    void every_operate_call_is_written_down_in_one_line() throws Exception {
        String reader = made(root(), "{'name':'reader','scopes':['read']}");
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            root().post("/queues/audited/pause").json(200);
            service.client().with(reader).post("/queues/audited/resume").problem(403);
            root().post("/keys", "{'name':'made-here','scopes':['read']}").json(201);
            root().get("/queues").json(200);

            List<JsonNode> parsed =
                    lines.messages().stream().map(ServiceClient::parse).toList();
            assertThat(parsed)
                    .extracting(line -> line.path("key").asText() + " "
                            + line.path("method").asText() + " "
                            + line.path("path").asText() + " "
                            + line.path("status").asInt())
                    .containsExactly(
                            "root POST /api/v1/queues/audited/pause 200",
                            "reader POST /api/v1/queues/audited/resume 403",
                            "root POST /api/v1/keys 201");
            assertThat(parsed.get(2).path("made").asText()).isEqualTo("/api/v1/keys/made-here");
            assertThat(parsed).allSatisfy(line -> {
                assertThat(Instant.parse(line.path("at").asText())).isBeforeOrEqualTo(Instant.now());
                assertThat(line.path("from").asText()).isEqualTo("127.0.0.1");
            });
            assertThat(lines.messages())
                    .allSatisfy(line -> assertThat(line).doesNotContain("\n", "\r", rootKey, reader));
        }
    }

    @Test
    void a_line_says_what_was_changed_and_keeps_what_is_secret() throws Exception {
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            root().post("/queues/audited/pause").json(200);
            root().put("/queues/audited", "{'maxActive':7}").json(200);
            String failed = root().submit("{'queue':'audited','type':'nobody'}");
            root().delete("/jobs/" + failed).json(200);
            root().post("/jobs/" + failed + "/retry").json(200);
            root().delete("/jobs/" + failed).json(200);
            root().post("/queues/audited/replay", "{'state':'cancelled','type':'nobody'}")
                    .json(200);
            root().post(
                            "/schedules",
                            "{'name':'nightly','cron':'0 4 * * *','job':{'queue':'audited','type':'http',"
                                    + "'payload':{'headers':{'Authorization':'geheim'}}}}")
                    .json(201);
            String made = root().post(
                            "/keys", "{'name':'worker','scopes':['read','work'],'queues':'audited-*','rate':'5/s'}")
                    .json(201)
                    .path("key")
                    .asText();
            root().delete("/keys/" + "worker").json(200);

            List<JsonNode> what = lines.messages().stream()
                    .map(line -> ServiceClient.parse(line).path("what"))
                    .toList();
            assertThat(what.get(0)).hasToString("{\"paused\":true}");
            assertThat(what.get(1)).hasToString("{\"maxActive\":7,\"maxStartsPerSecond\":null}");
            assertThat(what.get(2)).hasToString("{\"queue\":\"audited\",\"type\":\"nobody\"}");
            assertThat(what.get(3))
                    .hasToString("{\"state\":\"cancelled\",\"type\":\"nobody\",\"failedAfter\":null,\"limit\":1000,"
                            + "\"replayed\":1}");
            assertThat(what.get(4).path("cron").asText()).isEqualTo("0 4 * * *");
            assertThat(what.get(4).path("job").path("queue").asText()).isEqualTo("audited");
            assertThat(what.get(4).path("job").path("payloadBytes").asInt()).isEqualTo(38);
            assertThat(what.get(5).path("scopes")).hasToString("[\"read\",\"work\"]");
            assertThat(what.get(5).path("queues").asText()).isEqualTo("audited-*");
            assertThat(what.get(5).path("rate").asText()).isEqualTo("5/s");
            assertThat(what.get(6).path("id").asText()).isEqualTo(made.substring(9, 21));
            assertThat(what.get(6).path("scopes")).hasToString("[\"read\",\"work\"]");
            assertThat(String.join("\n", lines.messages())).doesNotContain("geheim", made, rootKey);
        }
    }

    @Test
    void a_call_that_operates_and_is_refused_on_its_way_is_written_down_and_no_other_is() throws Exception {
        String rated = made(root(), "{'name':'rated','scopes':['operate','read'],'rate':'1/h'}");
        String revoked = made(root(), "{'name':'gone','scopes':['operate']}");
        root().delete("/keys/gone").json(200);
        service.client().with(rated).get("/queues").json(200);
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            // Reading is nobody's operation, nor is what there isn't.
            service.client().get("/queues").problem(401);
            service.client().post("/queues/q/empty").problem(401);
            root().post("/queues/q/empty").problem(404);
            service.client().post("/queues/q/pause").problem(401);
            service.client().with(revoked).put("/queues/q", "{'maxActive':1}").problem(401);
            service.client().with("no-key-at-all").delete("/schedules/x").problem(401);
            service.client().with(rated).post("/queues/q/resume").problem(429);
            service.client().with(rated).post("/keys", "{}").problem(429);
            root().postAs("text/plain", "/queues/q/replay", "{}").problem(415);
            root().post("/keys", "{}", "Accept", "text/html").problem(406);
            root().post("/keys", "{}").problem(400);

            String byRoot = "root " + rootKey.substring(9, 21);
            // Some are written once the answer is out.
            await().untilAsserted(() -> assertThat(lines.messages())
                    .map(ServiceClient::parse)
                    .map(line ->
                            line.path("key").asText() + " " + line.path("keyId").asText() + " "
                                    + line.path("method").asText() + " "
                                    + line.path("path").asText() + " "
                                    + line.path("status").asInt())
                    .containsExactlyInAnyOrder(
                            "null null POST /api/v1/queues/q/pause 401",
                            "null " + revoked.substring(9, 21) + " PUT /api/v1/queues/q 401",
                            "null null DELETE /api/v1/schedules/x 401",
                            "rated " + rated.substring(9, 21) + " POST /api/v1/queues/q/resume 429",
                            "rated " + rated.substring(9, 21) + " POST /api/v1/keys 429",
                            byRoot + " POST /api/v1/queues/q/replay 415",
                            byRoot + " POST /api/v1/keys 406",
                            byRoot + " POST /api/v1/keys 400"));
            assertThat(lines.messages()).noneMatch(line -> line.contains(revoked) || line.contains(rated));
        }
    }

    @Test
    void what_is_sent_can_neither_fill_the_line_nor_begin_another() throws Exception {
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            RawHttp.send(
                    service.port(),
                    "POST /api/v1/queues/" + "%e2%80%a8%22FORGED".repeat(300) + "/pause",
                    "Host: localhost",
                    "Authorization: Bearer " + rootKey);
            root().delete("/keys/" + rootKey).problem(404);

            assertThat(lines.messages())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .hasSizeLessThan(1000)
                            .matches("\\p{ASCII}+")
                            .doesNotContain("\n", "\r", rootKey));
        }
    }
}
