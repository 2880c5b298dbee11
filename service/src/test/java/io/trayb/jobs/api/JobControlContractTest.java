package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cancelling and retrying a job; one worker with one slot runs beside. */
class JobControlContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("JOB_CONCURRENCY", "1"));

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_waiting_job_is_cancelled_at_once() {
        String id = submit("idle", "");

        JsonNode cancelled = client.delete("/jobs/" + id).json(200);

        assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
        assertThat(cancelled.path("finishedAt").isNull()).isFalse();
        assertThat(client.job(id)).isEqualTo(cancelled);
    }

    @Test
    void a_delayed_job_is_cancelled_at_once() {
        String id = submit("noop", ",'delayMs':3600000");

        assertThat(client.delete("/jobs/" + id).json(200).path("state").asText())
                .isEqualTo("cancelled");
    }

    @Test
    void an_active_job_is_cancelled_at_once_and_its_slot_is_free_within_a_second() {
        String id = submit("sleep", ",'payload':{'ms':60000}");
        client.awaitState(id, "active");
        String next = submit("noop", "");

        JsonNode cancelled = client.delete("/jobs/" + id).json(200);

        assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
        await().atMost(Duration.ofSeconds(1))
                .until(() -> client.job(next).path("state").asText().equals("completed"));
        assertThat(client.job(id)).isEqualTo(cancelled);
    }

    @Test
    void a_finished_job_is_not_cancelled() {
        String completed = submit("noop", "");
        client.awaitState(completed, "completed");
        String cancelled = submit("idle", "");
        client.delete("/jobs/" + cancelled).json(200);

        assertThat(client.delete("/jobs/" + completed)
                        .problem(409)
                        .path("detail")
                        .asText())
                .contains(completed, "completed");
        client.delete("/jobs/" + cancelled).problem(409);
    }

    @Test
    void a_failed_job_goes_back_with_fresh_attempts() {
        String id = submit("fail", ",'payload':{'message':'no'},'maxAttempts':1");
        client.awaitState(id, "failed");
        client.post("/queues/" + queue + "/pause").json(200);

        JsonNode retried = client.post("/jobs/" + id + "/retry").json(200);

        assertThat(retried.path("state").asText()).isEqualTo("waiting");
        assertThat(retried.path("attempt").asInt()).isZero();
        assertThat(retried.path("finishedAt").isNull()).isTrue();
        client.post("/queues/" + queue + "/resume").json(200);
        assertThat(client.awaitState(id, "failed").path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void a_cancelled_job_goes_back_and_runs() {
        String id = submit("noop", ",'delayMs':3600000");
        client.delete("/jobs/" + id).json(200);

        client.post("/jobs/" + id + "/retry").json(200);

        client.awaitState(id, "completed");
    }

    @Test
    void a_job_that_is_not_failed_or_cancelled_is_not_retried() {
        String waiting = submit("idle", "");
        String completed = submit("noop", "");
        client.awaitState(completed, "completed");

        client.post("/jobs/" + waiting + "/retry").problem(409);
        client.post("/jobs/" + completed + "/retry").problem(409);
    }

    @Test
    void a_job_whose_unique_key_another_holds_is_not_retried() {
        String first = submit("idle", ",'uniqueKey':'k'");
        client.delete("/jobs/" + first).json(200);
        submit("idle", ",'uniqueKey':'k'");

        assertThat(client.post("/jobs/" + first + "/retry")
                        .problem(409)
                        .path("detail")
                        .asText())
                .contains("uniqueKey 'k'");
    }

    private String submit(String type, String more) {
        return client.submit("{'queue':'%s','type':'%s'%s}".formatted(queue, type, more));
    }
}
