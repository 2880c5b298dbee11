package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /api/v1/jobs/{id}} and {@code GET /api/v1/jobs}. */
class JobReadingContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_job_that_has_not_changed_is_304_and_one_that_has_is_sent_again() {
        String path = "/jobs/" + submit("a");
        String tag = client.get(path).header("ETag");

        Answer unchanged = client.get(path, "If-None-Match", tag);
        client.delete(path).json(200);
        Answer changed = client.get(path, "If-None-Match", tag);

        assertThat(tag).matches("\"[^\"]+\"");
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(unchanged.header("ETag")).isEqualTo(tag);
        assertThat(changed.json(200).path("state").asText()).isEqualTo("cancelled");
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void one_of_several_tags_is_enough() {
        String path = "/jobs/" + submit("a");
        String tag = client.get(path).header("ETag");

        assertThat(client.get(path, "If-None-Match", "\"other\", " + tag).status())
                .isEqualTo(304);
        assertThat(client.get(path, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void a_compressed_answer_has_a_tag_that_works_too() {
        String path = "/jobs/"
                + client.submit("{'type':'idle','queue':'%s','payload':'%s'}".formatted(queue, "x".repeat(10_000)));
        Answer packed = client.get(path, "Accept-Encoding", "gzip");

        Answer again = client.get(path, "Accept-Encoding", "gzip", "If-None-Match", packed.header("ETag"));

        assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(again.status()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "019ab000-0000-7000-8000-000000000000",
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "019AB000-0000-7000-8000-000000000000",
                "1",
                "%F0%9F%98%80",
            })
    void an_id_that_no_job_has_is_404(String id) {
        client.get("/jobs/" + id).problem(404);
        client.delete("/jobs/" + id).problem(404);
        client.post("/jobs/" + id + "/retry").problem(404);
    }

    @Test
    void a_list_is_newest_first_with_whole_jobs() {
        List<String> ids = submitSeveral(3);
        Collections.reverse(ids);

        JsonNode page = list("");

        assertThat(page.path("jobs").findValuesAsText("id")).isEqualTo(ids);
        assertThat(page.path("jobs").path(0)).isEqualTo(client.job(ids.get(0)));
        assertThat(page.has("nextCursor")).isTrue();
        assertThat(page.path("nextCursor").isNull()).isTrue();
    }

    @Test
    void pages_have_everything_once_while_newer_jobs_come() {
        List<String> ids = submitSeveral(5);
        Collections.reverse(ids);
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = list("&limit=2" + cursor);
            assertThat(page.path("jobs").size()).isLessThanOrEqualTo(2);
            seen.addAll(page.path("jobs").findValuesAsText("id"));
            cursor = page.path("nextCursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("nextCursor").asText();
            submit("later");
        } while (!cursor.isEmpty());

        assertThat(seen).isEqualTo(ids);
    }

    @Test
    void the_limit_is_50_by_default_and_500_at_most() {
        String job = "{'type':'idle','queue':'" + queue + "'}";
        client.post("/jobs/batch", "{'jobs':[" + String.join(",", Collections.nCopies(510, job)) + "]}")
                .json(201);

        assertThat(list("").path("jobs")).hasSize(50);
        assertThat(list("&limit=500").path("jobs")).hasSize(500);
    }

    @Test
    void a_list_is_filtered_by_queue_type_and_state() {
        String waiting = submit("a");
        String cancelled = submit("a");
        String other = submit("b");
        client.delete("/jobs/" + cancelled).json(200);

        assertThat(idsOf("&type=a")).containsExactly(cancelled, waiting);
        assertThat(idsOf("&type=a&state=waiting")).containsExactly(waiting);
        assertThat(idsOf("&state=cancelled")).containsExactly(cancelled);
        assertThat(idsOf("&state=waiting")).containsExactly(other, waiting);
        assertThat(idsOf("&state=completed")).isEmpty();
        assertThat(client.get("/jobs?queue=" + freshQueue()).json(200).path("jobs"))
                .isEmpty();
        assertThat(client.get("/jobs?state=cancelled&limit=500")
                        .json(200)
                        .path("jobs")
                        .findValuesAsText("id"))
                .contains(cancelled)
                .doesNotContain(waiting);
    }

    @ParameterizedTest
    @CsvSource({
        "limit,0",
        "limit,501",
        "limit,-1",
        "limit,many",
        "limit,''",
        "limit,99999999999999999999",
        "state,done",
        "state,WAITING",
        "state,''",
        "queue,Upper",
        "queue,''",
        "type,a%20b",
        "cursor,x",
        "cursor,''",
        "stat,waiting",
        "offset,5",
    })
    void a_query_that_cannot_be_is_refused_and_named(String parameter, String value) {
        assertThat(client.get("/jobs?" + parameter + "=" + value).wrongFields()).containsExactly(parameter);
    }

    @Test
    void a_parameter_that_is_there_twice_is_refused() {
        assertThat(client.get("/jobs?state=waiting&state=active").wrongFields()).containsExactly("state");
    }

    @Test
    void a_finished_job_that_was_read_is_seen_waiting_right_after_its_retry() {
        String id = submit("a");
        client.delete("/jobs/" + id).json(200);
        // The first answer fills the cache, the second comes from it.
        for (int i = 0; i < 2; i++) {
            assertThat(client.job(id).path("state").asText()).isEqualTo("cancelled");
        }

        client.post("/jobs/" + id + "/retry").json(200);

        assertThat(client.job(id).path("state").asText()).isEqualTo("waiting");
    }

    @Test
    void a_finished_job_that_was_read_is_seen_waiting_right_after_a_replay() {
        String id = submit("a");
        client.delete("/jobs/" + id).json(200);
        client.job(id);

        client.post("/queues/" + queue + "/replay", "{'state':'cancelled'}").json(200);

        assertThat(client.job(id).path("state").asText()).isEqualTo("waiting");
    }

    private String submit(String type) {
        return client.submit("{'type':'%s','queue':'%s'}".formatted(type, queue));
    }

    private List<String> submitSeveral(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(submit("a"));
        }
        return ids;
    }

    private JsonNode list(String more) {
        return client.get("/jobs?queue=" + queue + more).json(200);
    }

    private List<String> idsOf(String more) {
        return list(more).path("jobs").findValuesAsText("id");
    }
}
