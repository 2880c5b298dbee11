package io.trayb.hostile;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, cursors, tokens and tickets that nobody has given out, or that were altered on the way. */
class ForgedPlacesTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "null",
                "undefined",
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "ffffffff-ffff-7fff-bfff-ffffffffffff",
                "00000000-0000-7000-8000-000000000000",
                "7fffffff-ffff-7fff-8000-000000000000",
                "01890A5D-AC96-774B-BCCE-B302099A8057",
                "01890a5dac96774bbcceb302099a8057",
                "{01890a5d-ac96-774b-bcce-b302099a8057}",
                "01890a5d-ac96-774b-bcce-b302099a8057' or '1'='1",
                "1-1-1-1-1",
                "\u0660\u0661890a5d-ac96-774b-bcce-b302099a8057",
                "a\nb",
                "\u202e",
                "*",
                "../jobs",
                "%",
                "%00",
                " "
            })
    void an_id_of_another_shape_or_of_no_job_is_one_that_is_not_there(String id) {
        String path = "/jobs/" + encoded(id);
        // What the server takes for no path at all is refused before anybody looks for a job.
        int refused = client.get(path).status();

        assertThat(refused).isIn(400, 404);
        client.get(path).problem(refused);
        client.delete(path).problem(refused);
        client.post(path + "/retry").problem(refused);
        client.post(path + "/heartbeat", "{'leaseToken':'lease-1'}").problem(refused);
        client.post(path + "/complete", "{'leaseToken':'lease-1'}").problem(refused);
        client.post(path + "/fail", "{'leaseToken':'lease-1','error':'x'}").problem(refused);
        client.get("/schedules/" + encoded(id)).problem(refused);
        client.delete("/schedules/" + encoded(id)).problem(refused);
        client.call("PUT", "/schedules/" + encoded(id), "{'intervalMs':60000,'job':{'type':'x'}}")
                .problem(refused);
        client.delete("/keys/" + encoded(id)).problem(refused);
    }

    @Test
    void an_id_as_long_as_a_request_may_be_is_not_there_and_not_repeated() {
        String problem = client.get("/jobs/" + "a".repeat(6_000)).problem(404).toString();

        assertThat(problem).hasSizeLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lease-0",
                "lease--1",
                "lease-999999999999999999",
                "lease-9999999999999999999",
                "lease-1e3",
                "lease- 1",
                "lease-\u0661",
                "LEASE-1",
                "1",
                ""
            })
    void a_token_that_was_made_up_changes_nothing(String token) {
        String id = client.submit("{'queue':'tokens','type':'nobody'}");
        client.post("/queues/tokens/leases", "{'worker':'w','leaseMs':3600000}").json(200);

        for (String call : List.of("heartbeat", "complete", "fail")) {
            ServiceClient.Answer answer = client.post(
                    "/jobs/" + id + "/" + call,
                    "{'leaseToken':'" + token + "'" + (call.equals("fail") ? ",'error':'x'" : "") + "}");
            answer.problem(answer.status() == 400 ? 400 : 409);
        }
        assertThat(client.job(id).path("state").asText()).isEqualTo("active");
    }

    @Test
    void a_token_of_another_job_changes_nothing() {
        client.submit("{'queue':'two','type':'nobody'}");
        client.submit("{'queue':'two','type':'nobody'}");
        JsonNode leased = client.post("/queues/two/leases", "{'worker':'w','limit':2}")
                .json(200)
                .path("jobs");

        client.post(
                        "/jobs/" + leased.path(0).path("id").asText() + "/complete",
                        "{'leaseToken':'" + leased.path(1).path("leaseToken").asText() + "'}")
                .problem(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "",
                " ",
                "null",
                "01890A5D-AC96-774B-BCCE-B302099A8057",
                "01890a5d-ac96-774b-bcce-b302099a805",
                "01890a5d-ac96-774b-bcce-b302099a8057x",
                "' or 1=1--",
                "\u0000",
                "\n"
            })
    void a_cursor_of_a_list_that_was_altered_is_refused_by_name(String cursor) {
        assertThat(client.get("/jobs?cursor=" + encoded(cursor)).wrongFields()).containsExactly("cursor");
    }

    /** It is a place between jobs and nothing more: whoever makes one up sees what they would see without it. */
    @ParameterizedTest
    @CsvSource({
        "00000000-0000-0000-0000-000000000000, 0",
        "00000000-0000-7000-8000-000000000000, 0",
        "ffffffff-ffff-ffff-ffff-ffffffffffff, 1",
        "ffffffff-ffff-7fff-bfff-ffffffffffff, 1"
    })
    void a_cursor_that_was_made_up_opens_nothing(String cursor, int jobs) {
        String queue = freshQueue();
        client.submit("{'queue':'" + queue + "','type':'nobody'}");

        assertThat(client.get("/jobs?queue=" + queue + "&cursor=" + cursor)
                        .json(200)
                        .path("jobs"))
                .hasSize(jobs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPPER", "-", "a b", "a\nb", "' or 1=1--", "\u0000", "\u00fc"})
    void a_cursor_of_the_schedules_that_was_altered_is_refused_by_name(String cursor) {
        assertThat(client.get("/schedules?cursor=" + encoded(cursor)).wrongFields())
                .containsExactly("cursor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0-0",
                "-",
                "+",
                "$",
                "fffffffffffffff-0-0",
                "ffffffffffffffff-0",
                "FFFFFFFFFFFFFFFF-0-0",
                "ffffffffffffffff--1-0",
                "ffffffffffffffff-00-0",
                "ffffffffffffffff-9999999999999999999-0",
                "ffffffffffffffff-0-9999999999999999999",
                "ffffffffffffffff-0-0\n",
                "ffffffffffffffff-\u0661-0",
                "\u0000"
            })
    void a_cursor_of_events_that_was_altered_is_refused_by_name(String cursor) throws Exception {
        assertThat(client.get("/events/poll?topic=jobs&after=" + encoded(cursor))
                        .wrongFields())
                .containsExactly("after");
        assertThat(client.get("/events?topic=jobs&after=" + encoded(cursor)).wrongFields())
                .containsExactly("after");
        if (cursor.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            assertThat(client.get("/events/poll?topic=jobs", "Last-Event-ID", cursor)
                            .wrongFields())
                    .containsExactly("Last-Event-ID");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffffff-0-0", "0000000000000000-9223372036854775807-9223372036854775807"})
    void a_cursor_of_another_log_is_told_a_gap(String cursor) {
        assertThat(client.get("/events/poll?topic=jobs&timeoutMs=0&after=" + cursor)
                        .json(200)
                        .path("gap")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-9223372036854775807-9223372036854775807", "-0-0", "-1-9223372036854775807"})
    void a_cursor_of_this_log_at_a_place_that_never_was_shows_no_more_than_one_s_own(String place) {
        String queue = freshQueue();
        String cursor = client.get("/events/poll?topic=queue:" + queue)
                .json(200)
                .path("cursor")
                .asText();
        String forged = cursor.substring(0, 16) + place;

        JsonNode answer = client.get("/events/poll?topic=queue:" + queue + "&timeoutMs=0&after=" + forged)
                .json(200);

        assertThat(answer.path("events")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "{trayb}:ticket:*", "\u0000", "a\r\nb", "*"})
    void a_ticket_that_was_made_up_opens_nothing(String ticket) {
        for (String call : List.of("/events", "/events/poll")) {
            ServiceClient.Answer answer = client.get(call + "?topic=jobs&ticket=" + encoded(ticket));
            answer.problem(401);
            if (ticket.length() > 10) {
                assertThat(answer.body()).doesNotContain(ticket);
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
