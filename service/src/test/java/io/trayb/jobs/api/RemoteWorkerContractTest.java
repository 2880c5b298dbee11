package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker in another language holds on to: leases, heartbeats, outcomes, and the fence around them. */
class RemoteWorkerContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_lease_has_the_whole_job_its_token_and_its_end() {
        String id = submit("'payload':{'a':1}");

        JsonNode held = lease("'worker':'w-1','leaseMs':60000").path(0);

        assertThat(held.path("id").asText()).isEqualTo(id);
        assertThat(held.path("state").asText()).isEqualTo("active");
        assertThat(held.path("attempt").asInt()).isEqualTo(1);
        assertThat(held.path("payload").toString()).isEqualTo("{\"a\":1}");
        assertThat(held.path("leaseToken").asText()).isNotBlank();
        assertThat(held.path("leaseExpiresAt").asText()).matches(".*T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Duration.between(
                        Instant.parse(held.path("startedAt").asText()),
                        Instant.parse(held.path("leaseExpiresAt").asText())))
                .isBetween(Duration.ofSeconds(59), Duration.ofSeconds(61));
    }

    @Test
    void one_job_is_leased_by_default_and_the_most_urgent_first() {
        submit("'priority':5");
        String urgent = submit("'priority':0");
        submit("'priority':9");

        assertThat(lease("'worker':'w'").findValuesAsText("id")).containsExactly(urgent);
        assertThat(lease("'worker':'w','limit':10")).hasSize(2);
        assertThat(lease("'worker':'w','limit':10")).isEmpty();
    }

    @Test
    void only_the_named_types_are_leased() {
        submit("'priority':0");

        assertThat(lease("'worker':'w','types':['other']")).isEmpty();
        assertThat(lease("'worker':'w','types':['other','task']")).hasSize(1);
    }

    @Test
    void a_paused_queue_leases_nothing() {
        submit("'priority':0");
        client.post("/queues/" + queue + "/pause").json(200);

        assertThat(lease("'worker':'w'")).isEmpty();
    }

    @Test
    void a_worker_that_waits_gets_the_job_when_it_comes() throws Exception {
        CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> lease("'worker':'w','waitMs':20000"));

        String id = submit("'priority':0");

        assertThat(waiting.get(10, TimeUnit.SECONDS).findValuesAsText("id")).containsExactly(id);
    }

    @Test
    void a_worker_that_waits_in_vain_gets_an_empty_answer() {
        assertThat(lease("'worker':'w','waitMs':50")).isEmpty();
    }

    @Test
    void a_completed_job_has_its_result_and_no_lease_any_more() {
        JsonNode held = submitAndLease();

        JsonNode completed = say("complete", held, ",'result':{'sum':1.50}").json(200);

        assertThat(completed.path("state").asText()).isEqualTo("completed");
        assertThat(completed.path("result").toString()).isEqualTo("{\"sum\":1.50}");
        assertThat(client.job(held.path("id").asText())).isEqualTo(completed);
        say("complete", held, "").problem(409);
        say("fail", held, ",'error':'late'").problem(409);
        say("heartbeat", held, "").problem(409);
        assertThat(client.job(held.path("id").asText())).isEqualTo(completed);
    }

    @Test
    void a_result_may_be_left_out() {
        assertThat(say("complete", submitAndLease(), "")
                        .json(200)
                        .path("result")
                        .isNull())
                .isTrue();
    }

    @Test
    void a_failed_attempt_is_tried_again_after_a_while() {
        JsonNode delayed = say("fail", submitAndLease(), ",'error':'no luck'").json(200);

        assertThat(delayed.path("state").asText()).isEqualTo("delayed");
        assertThat(delayed.path("error").path("message").asText()).isEqualTo("no luck");
        assertThat(delayed.path("error").path("attempt").asInt()).isEqualTo(1);
        assertThat(delayed.path("error").path("at").asText()).matches(".*\\.\\d{3}Z");
        assertThat(Duration.between(
                        Instant.parse(delayed.path("error").path("at").asText()),
                        Instant.parse(delayed.path("runAt").asText())))
                .isBetween(Duration.ofMillis(750), Duration.ofMillis(1250));
    }

    @Test
    void a_failure_without_retry_is_for_good() {
        JsonNode failed =
                say("fail", submitAndLease(), ",'error':'broken','retry':false").json(200);

        assertThat(failed.path("state").asText()).isEqualTo("failed");
        assertThat(failed.path("finishedAt").isNull()).isFalse();
    }

    @Test
    void a_heartbeat_extends_the_lease_and_keeps_the_progress() {
        JsonNode held = submitAndLease();

        JsonNode beat = say("heartbeat", held, ",'leaseMs':3600000,'progress':40,'log':'half way'")
                .json(200);

        assertThat(beat.path("cancelled").asBoolean(true)).isFalse();
        assertThat(Instant.parse(beat.path("leaseExpiresAt").asText()))
                .isAfter(Instant.parse(held.path("leaseExpiresAt").asText()));
        assertThat(client.job(held.path("id").asText()).path("progress").asInt())
                .isEqualTo(40);
    }

    @Test
    void a_cancelled_job_s_worker_hears_it_at_its_heartbeat_and_its_outcome_is_discarded() {
        JsonNode held = submitAndLease();
        JsonNode cancelled = client.delete("/jobs/" + held.path("id").asText()).json(200);

        assertThat(say("heartbeat", held, "").json(200).path("cancelled").asBoolean())
                .isTrue();
        say("complete", held, ",'result':1").problem(409);
        assertThat(client.job(held.path("id").asText())).isEqualTo(cancelled);
    }

    @Test
    void a_worker_that_slept_past_its_lease_cannot_touch_the_next_run() {
        String id = submit("'priority':0");
        JsonNode slept = lease("'worker':'sleepy','leaseMs':1000").path(0);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.job(id).path("state").asText().equals("waiting"));
        JsonNode next = lease("'worker':'awake'").path(0);

        say("heartbeat", slept, ",'progress':90").problem(409);
        say("fail", slept, ",'error':'late','retry':false").problem(409);
        say("complete", slept, ",'result':'stale'").problem(409);

        assertThat(next.path("leaseToken")).isNotEqualTo(slept.path("leaseToken"));
        JsonNode completed = say("complete", next, ",'result':'fresh'").json(200);
        assertThat(completed.path("result").asText()).isEqualTo("fresh");
        assertThat(completed.path("attempt").asInt()).isEqualTo(2);
    }

    @Test
    void the_token_of_one_job_is_no_token_of_another() {
        JsonNode one = submitAndLease();
        JsonNode other = submitAndLease();

        client.post(
                        "/jobs/" + one.path("id").asText() + "/complete",
                        "{'leaseToken':'" + other.path("leaseToken").asText() + "'}")
                .problem(409);

        assertThat(client.job(one.path("id").asText()).path("state").asText()).isEqualTo("active");
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeat", "complete", "fail"})
    void a_job_that_is_not_there_is_404(String call) {
        String error = call.equals("fail") ? ",'error':'e'" : "";

        client.post("/jobs/019ab000-0000-7000-8000-000000000000/" + call, "{'leaseToken':'lease-1'" + error + "}")
                .problem(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | worker",
                "{'worker':''} | worker",
                "{'worker':1} | worker",
                "{'worker':'w','limit':0} | limit",
                "{'worker':'w','limit':501} | limit",
                "{'worker':'w','leaseMs':999} | leaseMs",
                "{'worker':'w','leaseMs':3600001} | leaseMs",
                "{'worker':'w','waitMs':-1} | waitMs",
                "{'worker':'w','waitMs':25001} | waitMs",
                "{'worker':'w','types':[]} | types",
                "{'worker':'w','types':'a'} | types",
                "{'worker':'w','types':['a','b c']} | types[1]",
                "{'worker':'w','count':1} | count",
                "[] | body",
            })
    void a_lease_that_cannot_be_is_refused_and_named(String body, String field) {
        assertThat(client.post("/queues/" + queue + "/leases", body).wrongFields())
                .containsExactly(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "heartbeat | {} | leaseToken",
                "heartbeat | {'leaseToken':1} | leaseToken",
                "heartbeat | {'leaseToken':'t','leaseMs':999} | leaseMs",
                "heartbeat | {'leaseToken':'t','progress':101} | progress",
                "heartbeat | {'leaseToken':'t','progress':0.5} | progress",
                "heartbeat | {'leaseToken':'t','log':7} | log",
                "heartbeat | {'leaseToken':'t','result':1} | result",
                "complete | {} | leaseToken",
                "complete | {'leaseToken':'t','results':1} | results",
                "complete | {'leaseToken':'t','result':'\\u0000'} | result",
                "fail | {'leaseToken':'t'} | error",
                "fail | {'leaseToken':'t','error':{}} | error",
                "fail | {'leaseToken':'t','error':''} | error",
                "fail | {'leaseToken':'t','error':'e','retry':'no'} | retry",
            })
    void what_a_worker_says_wrongly_is_refused_and_named(String call, String body, String field) {
        String id = submit("'priority':0");

        assertThat(client.post("/jobs/" + id + "/" + call, body).wrongFields()).containsExactly(field);
    }

    @Test
    void a_result_over_256_kib_is_refused_and_the_lease_stays() {
        JsonNode held = submitAndLease();

        say("complete", held, ",'result':'" + "x".repeat(256 * 1024) + "'").problem(413);

        say("complete", held, ",'result':'short'").json(200);
    }

    @Test
    void many_takers_at_once_get_each_job_once() {
        for (int i = 0; i < 20; i++) {
            submit("'payload':" + i);
        }

        List<CompletableFuture<JsonNode>> takers = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> lease("'worker':'w','limit':3")))
                .toList();

        assertThat(takers.stream().flatMap(taker -> taker.join().findValuesAsText("id").stream()))
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    private ServiceClient.Answer say(String call, JsonNode held, String more) {
        return client.post(
                "/jobs/" + held.path("id").asText() + "/" + call,
                "{'leaseToken':'" + held.path("leaseToken").asText() + "'" + more + "}");
    }

    private JsonNode submitAndLease() {
        submit("'priority':0");
        return lease("'worker':'w'").path(0);
    }

    private JsonNode lease(String fields) {
        return client.post("/queues/" + queue + "/leases", "{" + fields + "}")
                .json(200)
                .path("jobs");
    }

    private String submit(String fields) {
        return client.submit("{'queue':'" + queue + "','type':'task'," + fields + "}");
    }
}
