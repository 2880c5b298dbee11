package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues: listed, paused, resumed, replayed. */
class QueueContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_queue_counts_its_jobs_by_state_right_after_each_write() {
        String first = submit("idle", "");
        submit("idle", "");
        assertThat(shape(client.queue(queue))).isEqualTo(shape(2, 0, 0, 0));
        submit("idle", ",'delayMs':3600000");
        assertThat(shape(client.queue(queue))).isEqualTo(shape(2, 1, 0, 0));
        client.delete("/jobs/" + first).json(200);
        assertThat(shape(client.queue(queue))).isEqualTo(shape(1, 1, 0, 0));
        client.post("/jobs/" + first + "/retry").json(200);
        assertThat(shape(client.queue(queue))).isEqualTo(shape(2, 1, 0, 0));
    }

    @Test
    void a_remote_worker_too_sees_what_it_did_at_once() {
        submit("idle", "");
        awaitCachedList();
        JsonNode held = client.post("/queues/" + queue + "/leases", "{'worker':'w'}")
                .json(200)
                .path("jobs")
                .path(0);
        assertThat(shape(client.queue(queue))).isEqualTo(shape(0, 0, 1, 0));
        awaitCachedList();

        client.post(
                        "/jobs/" + held.path("id").asText() + "/fail",
                        "{'leaseToken':'%s','error':'no','retry':false}"
                                .formatted(held.path("leaseToken").asText()))
                .json(200);

        assertThat(shape(client.queue(queue))).isEqualTo(shape(0, 0, 0, 1));
    }

    @Test
    void a_queue_says_how_long_its_oldest_job_waits_and_null_when_none_does() {
        client.post("/queues/" + queue + "/pause").json(200);
        assertThat(client.queue(queue).path("oldestWaitingMs").isNull()).isTrue();

        submit("noop", "");

        assertThat(client.queue(queue).path("oldestWaitingMs").isIntegralNumber())
                .isTrue();
        assertThat(client.queue(queue).path("oldestWaitingMs").asLong()).isBetween(0L, 30_000L);
    }

    @Test
    void a_paused_queue_starts_nothing_even_after_a_restart_until_it_is_resumed() throws Exception {
        String other = freshQueue();
        JsonNode paused = client.post("/queues/" + queue + "/pause").json(200);
        assertThat(paused.path("name").asText()).isEqualTo(queue);
        assertThat(paused.path("paused").asBoolean()).isTrue();
        String id = submit("noop", "");

        service.restart();
        client = service.client();

        // A later job of another queue is through: the worker has looked, and left this one alone.
        client.awaitState(client.submit("{'queue':'%s','type':'noop'}".formatted(other)), "completed");
        assertThat(client.job(id).path("state").asText()).isEqualTo("waiting");
        assertThat(client.queue(queue).path("paused").asBoolean()).isTrue();
        assertThat(client.post("/queues/" + queue + "/resume")
                        .json(200)
                        .path("paused")
                        .asBoolean(true))
                .isFalse();
        client.awaitState(id, "completed");
    }

    @Test
    void pausing_and_resuming_twice_is_as_good_as_once() {
        client.post("/queues/" + queue + "/pause").json(200);
        client.post("/queues/" + queue + "/pause").json(200);
        client.post("/queues/" + queue + "/resume").json(200);

        assertThat(client.post("/queues/" + queue + "/resume")
                        .json(200)
                        .path("paused")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void limits_are_shown_with_the_queue_and_replace_each_other() {
        JsonNode both = client.put("/queues/" + queue, "{'maxActive':3,'maxStartsPerSecond':50}")
                .json(200);
        assertThat(both.path("name").asText()).isEqualTo(queue);
        assertThat(limits(both)).isEqualTo("3 50");
        assertThat(limits(client.queue(queue))).isEqualTo("3 50");

        assertThat(limits(
                        client.put("/queues/" + queue, "{'maxActive':1000000}").json(200)))
                .isEqualTo("1000000 null");
        assertThat(limits(client.put("/queues/" + queue, "{'maxActive':null,'maxStartsPerSecond':1}")
                        .json(200)))
                .isEqualTo("null 1");
        assertThat(limits(client.put("/queues/" + queue, "{}").json(200))).isEqualTo("null null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'maxActive':0} | maxActive",
                "{'maxActive':-1} | maxActive",
                "{'maxActive':1.5} | maxActive",
                "{'maxActive':'3'} | maxActive",
                "{'maxActive':1000001,'maxStartsPerSecond':true} | maxActive,maxStartsPerSecond",
                "{'maxStartsPerSecond':99999999999999999999} | maxStartsPerSecond",
                "{'maxactive':1} | maxactive",
                "[] | body",
                "null | body",
            })
    void limits_that_cannot_be_are_refused_and_named(String body, String fields) {
        assertThat(client.put("/queues/" + queue, body).wrongFields()).containsExactly(fields.split(","));
    }

    @Test
    void a_refused_limit_says_what_was_sent_and_what_is_allowed() {
        JsonNode error = client.put("/queues/" + queue, "{'maxActive':0}")
                .problem(400)
                .path("errors")
                .path(0);

        assertThat(error.path("value").asText()).isEqualTo("0");
        assertThat(error.path("message").asText()).contains("from 1 to 1000000");
        assertThat(client.put("/queues/Upper", "{'maxActive':0}").wrongFields()).containsExactly("queue", "maxActive");
    }

    @Test
    void a_limit_holds_for_handlers_and_remote_workers_together_and_after_a_restart() throws Exception {
        client.put("/queues/" + queue, "{'maxActive':2}").json(200);
        String sleeping = submit("sleep", ",'payload':{'ms':60000}");
        client.awaitState(sleeping, "active");
        for (int i = 0; i < 4; i++) {
            submit("idle", "");
        }
        String held = awaitLeases().get(0).path("id").asText();
        assertThat(leasesAtOnce()).isZero();
        client.delete("/jobs/" + sleeping).json(200);
        assertThat(awaitLeases().size()).isEqualTo(1);

        service.restart();
        client = service.client();

        assertThat(limits(client.queue(queue))).isEqualTo("2 null");
        assertThat(leasesAtOnce()).isZero();
        client.delete("/jobs/" + held).json(200);
        assertThat(awaitLeases().size()).isEqualTo(1);
    }

    private int leasesAtOnce() {
        return client.post("/queues/" + queue + "/leases", "{'worker':'w','limit':10,'waitMs':700}")
                .json(200)
                .path("jobs")
                .size();
    }

    @Test
    void a_remote_worker_that_waits_gets_the_next_job_when_one_ends_and_not_before() {
        client.put("/queues/" + queue, "{'maxActive':1}").json(200);
        submit("idle", "");
        submit("idle", "");
        JsonNode first = awaitLeases().get(0);
        long began = System.nanoTime();
        var waiting = java.util.concurrent.CompletableFuture.supplyAsync(this::awaitLeases);
        assertThat(client.post("/queues/" + queue + "/leases", "{'worker':'other','limit':10,'waitMs':500}")
                        .json(200)
                        .path("jobs")
                        .size())
                .isZero();
        assertThat(waiting).isNotDone();

        client.post(
                        "/jobs/" + first.path("id").asText() + "/complete",
                        "{'leaseToken':'%s'}".formatted(first.path("leaseToken").asText()))
                .json(200);

        assertThat(waiting.join().size()).isEqualTo(1);
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
    }

    private JsonNode awaitLeases() {
        return client.post("/queues/" + queue + "/leases", "{'worker':'w','limit':10,'waitMs':10000,'leaseMs':600000}")
                .json(200)
                .path("jobs");
    }

    private static String limits(JsonNode queue) {
        return queue.path("maxActive") + " " + queue.path("maxStartsPerSecond");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume"})
    void a_queue_that_cannot_be_is_refused(String call) {
        assertThat(client.post("/queues/Upper/" + call).wrongFields()).containsExactly("queue");
        assertThat(client.post("/queues/" + "q".repeat(65) + "/" + call).wrongFields())
                .containsExactly("queue");
    }

    @Test
    void a_replay_puts_failed_jobs_back() {
        failedJobs(3);

        JsonNode answer = client.post("/queues/" + queue + "/replay", "{'state':'failed'}")
                .json(200);

        assertThat(answer.toString()).isEqualTo("{\"replayed\":3}");
        assertThat(shape(client.queue(queue))).isEqualTo(shape(3, 0, 0, 0));
        assertThat(replayed("{'state':'failed'}")).isZero();
    }

    @Test
    void a_replay_goes_by_type_time_and_limit() {
        failedJobs(3);

        assertThat(replayed("{'type':'other'}")).isZero();
        assertThat(replayed("{'failedAfter':'2999-01-01T00:00:00.000Z'}")).isZero();
        assertThat(replayed("{'state':'cancelled'}")).isZero();
        assertThat(replayed("{'type':'idle','failedAfter':'2020-01-01T00:00:00.000Z','limit':2}"))
                .isEqualTo(2);
        assertThat(replayed("{}")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'state':'completed'} | state",
                "{'state':1} | state",
                "{'type':'a b'} | type",
                "{'failedAfter':'yesterday'} | failedAfter",
                "{'limit':0} | limit",
                "{'limit':100001} | limit",
                "{'limits':1} | limits",
                "[] | body",
            })
    void a_replay_that_cannot_be_is_refused_and_named(String body, String field) {
        assertThat(client.post("/queues/" + queue + "/replay", body).wrongFields())
                .containsExactly(field);
    }

    private int replayed(String body) {
        return client.post("/queues/" + queue + "/replay", body)
                .json(200)
                .path("replayed")
                .asInt();
    }

    /** Fails jobs as a remote worker would, so that no retry is in the way. */
    private void failedJobs(int count) {
        for (int i = 0; i < count; i++) {
            submit("idle", "");
        }
        for (JsonNode held : client.post("/queues/" + queue + "/leases", "{'worker':'w','limit':500}")
                .json(200)
                .path("jobs")) {
            client.post(
                            "/jobs/" + held.path("id").asText() + "/fail",
                            "{'leaseToken':'%s','error':'no','retry':false}"
                                    .formatted(held.path("leaseToken").asText()))
                    .json(200);
        }
    }

    private String submit(String type, String more) {
        return client.submit("{'queue':'%s','type':'%s'%s}".formatted(queue, type, more));
    }

    /** Ends once lists are answered from the cache again: no write through this service is younger than a second. */
    private void awaitCachedList() {
        await().until(() -> {
            client.get("/queues");
            return service.cachedQueueList();
        });
    }

    private static String shape(JsonNode queue) {
        assertThat(queue.properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "name",
                        "paused",
                        "maxActive",
                        "maxStartsPerSecond",
                        "waiting",
                        "delayed",
                        "active",
                        "failed",
                        "oldestWaitingMs");
        return shape(
                queue.path("waiting").asInt(),
                queue.path("delayed").asInt(),
                queue.path("active").asInt(),
                queue.path("failed").asInt());
    }

    private static String shape(int waiting, int delayed, int active, int failed) {
        return "waiting %d, delayed %d, active %d, failed %d".formatted(waiting, delayed, active, failed);
    }
}
