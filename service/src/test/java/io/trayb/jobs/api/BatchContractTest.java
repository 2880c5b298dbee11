package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/v1/jobs/batch}: all or nothing, in order. */
class BatchContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_thousand_jobs_are_taken_in_order() {
        StringBuilder jobs = new StringBuilder(job("'payload':0"));
        for (int i = 1; i < 1000; i++) {
            jobs.append(',').append(job("'payload':" + i));
        }

        JsonNode answered =
                client.post("/jobs/batch", batch(jobs.toString())).json(201).path("jobs");

        assertThat(answered).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(answered.path(i).path("payload").asInt()).isEqualTo(i);
        }
        assertThat(client.job(answered.path(999).path("id").asText())
                        .path("payload")
                        .asInt())
                .isEqualTo(999);
        assertThat(client.queue(queue).path("waiting").asInt()).isEqualTo(1000);
    }

    @Test
    void an_entry_whose_unique_key_is_held_gets_that_job_and_says_so() {
        String held = client.submit(job("'uniqueKey':'k'"));

        JsonNode jobs = client.post("/jobs/batch", batch(job("'payload':1") + "," + job("'uniqueKey':'k'")))
                .json(201)
                .path("jobs");

        assertThat(jobs.path(0).path("existing").asBoolean(true)).isFalse();
        assertThat(jobs.path(1).path("existing").asBoolean()).isTrue();
        assertThat(jobs.path(1).path("id").asText()).isEqualTo(held);
    }

    @Test
    void one_bad_entry_refuses_all_and_is_named_with_its_place() {
        assertThat(client.post(
                                "/jobs/batch",
                                batch(job("'payload':1") + "," + job("'priority':12") + "," + job("'prority':1")))
                        .wrongFields())
                .containsExactly("jobs[1].priority", "jobs[2].prority");

        client.submit(job("'payload':1"));
        assertThat(client.queue(queue).path("waiting").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | jobs",
                "{'jobs':[]} | jobs",
                "{'jobs':{}} | jobs",
                "{'jobs':null} | jobs",
                "[] | jobs",
                "{'jobs':[null]} | jobs[0]",
                "{'jobs':['a']} | jobs[0]",
                "{'jobs':[{'type':'a'}],'job':1} | job",
            })
    void a_body_that_is_no_batch_is_refused(String body, String field) {
        assertThat(client.post("/jobs/batch", body).wrongFields()).containsExactly(field);
    }

    @Test
    void more_than_a_thousand_jobs_are_refused() {
        String jobs = String.join(",", Collections.nCopies(1001, "{'type':'idle'}"));

        assertThat(client.post("/jobs/batch", batch(jobs)).problem(400).toString())
                .contains("1001 jobs", "1 to 1000");
    }

    @Test
    void a_batch_may_have_16_mib_and_no_more() {
        String large = job("'payload':'" + "x".repeat(200_000) + "'");

        client.post("/jobs/batch", batch(String.join(",", Collections.nCopies(20, large))))
                .json(201);
        client.post("/jobs/batch", batch(job("'payload':1") + " ".repeat(16 * 1024 * 1024)))
                .problem(413);
    }

    @Test
    void a_payload_that_is_too_large_is_refused_with_its_place() {
        String tooLarge = job("'payload':'" + "x".repeat(256 * 1024) + "'");

        assertThat(client.post("/jobs/batch", batch(job("'payload':1") + "," + tooLarge))
                        .problem(413)
                        .path("detail")
                        .asText())
                .contains("jobs[1].payload");
    }

    @Test
    void an_idempotency_key_makes_a_batch_once() {
        String key = freshQueue();
        String body = batch(job("'payload':1") + "," + job("'payload':2"));
        JsonNode first =
                client.post("/jobs/batch", body, "Idempotency-Key", key).json(201);

        JsonNode again =
                client.post("/jobs/batch", body, "Idempotency-Key", key).json(200);

        assertThat(again.path("jobs").findValuesAsText("id"))
                .isEqualTo(first.path("jobs").findValuesAsText("id"));
        client.post("/jobs/batch", batch(job("'payload':3")), "Idempotency-Key", key)
                .problem(409);
        assertThat(client.queue(queue).path("waiting").asInt()).isEqualTo(2);
    }

    private String job(String more) {
        return "{'queue':'" + queue + "','type':'idle'," + more + "}";
    }

    private static String batch(String jobs) {
        return "{'jobs':[" + jobs + "]}";
    }
}
