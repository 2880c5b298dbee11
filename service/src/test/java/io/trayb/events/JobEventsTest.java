package io.trayb.events;

import static io.trayb.testing.ServiceClient.freshQueue;
import static io.trayb.testing.ServiceClient.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.events.SseReader.Block;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A job's life, from its submission over HTTP to the events that every kind of client sees of it. */
class JobEventsTest {
    private static final String AT = ",\"at\":\"TIME\"";

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private final String queue = freshQueue();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_job_is_seen_from_its_submission_to_its_end_on_each_of_its_topics() throws Exception {
        try (SseReader all = stream("jobs");
                SseReader ofQueue = stream("queue:" + queue)) {
            String id = submit("sleep", ",'payload':{'ms':700}");
            try (SseReader ofJob = stream("job:" + id)) {
                awaitEvent(ofQueue, id, "job.completed");
                awaitEvent(ofJob, id, "job.completed");
                awaitEvent(all, id, "job.completed");

                List<String> names = names(ofQueue, id);
                assertThat(names).startsWith("job.waiting", "job.active", "job.progress");
                assertThat(names).endsWith("job.progress", "job.completed");
                assertThat(names.subList(2, names.size() - 1)).containsOnly("job.progress");
                assertThat(events(all, id)).isEqualTo(events(ofQueue, id));
                // It was opened when the job was there already, and may have missed its beginning.
                assertThat(events(ofQueue, id)).endsWith(events(ofJob, id).toArray(new Block[0]));
            }
        }
    }

    @Test
    void a_poll_sees_what_the_stream_saw_with_the_same_cursors() throws Exception {
        String cursor = poll("").path("cursor").asText();
        try (SseReader stream =
                SseReader.open(service.port(), "/api/v1/events?topic=queue:" + queue + "&after=" + cursor)) {
            await().until(() -> stream.status() == 200);
            String id = submit("fail", ",'payload':{'times':1}");
            client.awaitState(id, "completed");
            awaitEvent(stream, id, "job.completed");

            List<Block> polled = new ArrayList<>();
            JsonNode page;
            do {
                // One at a time: each cursor in turn is one to go on from.
                page = poll("&limit=1&timeoutMs=0&after=" + cursor);
                assertThat(page.path("gap").asBoolean(true)).isFalse();
                page.path("events")
                        .forEach(event -> polled.add(new Block(
                                event.path("id").asText(),
                                event.path("event").asText(),
                                event.path("data").toString(),
                                null)));
                cursor = page.path("cursor").asText();
            } while (!page.path("events").isEmpty());

            assertThat(polled).isEqualTo(events(stream, id));
            assertThat(names(stream, id))
                    .containsExactly(
                            "job.waiting", "job.active", "job.delayed", "job.waiting", "job.active", "job.completed");
        }
    }

    @Test
    void each_event_has_the_fields_that_clients_are_promised() throws Exception {
        try (SseReader stream = stream("queue:" + queue)) {
            String id = submit("fail", ",'payload':{'message':'no','times':1}");
            awaitEvent(stream, id, "job.completed");

            String about = "{\"jobId\":\"" + id + "\",\"queue\":\"" + queue + "\",\"type\":\"fail\"" + AT;
            List<String> data = events(stream, id).stream()
                    .map(block -> block.data()
                            .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "TIME")
                            .replaceAll("\"worker\":\"[^\"]+\"", "\"worker\":\"W\"")
                            .replaceAll("\"durationMs\":\\d+", "\"durationMs\":N"))
                    .toList();
            assertThat(data)
                    .containsExactly(
                            about + ",\"attempt\":0,\"runAt\":\"TIME\",\"reason\":\"submitted\"}",
                            about + ",\"attempt\":1,\"worker\":\"W\"}",
                            about + ",\"attempt\":1,\"runAt\":\"TIME\",\"reason\":\"retry\","
                                    + "\"error\":{\"message\":\"no\",\"attempt\":1,\"at\":\"TIME\"}}",
                            about + ",\"attempt\":1,\"runAt\":\"TIME\",\"reason\":\"due\"}",
                            about + ",\"attempt\":2,\"worker\":\"W\"}",
                            about + ",\"attempt\":2,\"durationMs\":N}");
        }
    }

    @Test
    void a_cancelled_and_a_failed_job_say_so() throws Exception {
        try (SseReader stream = stream("queue:" + queue)) {
            String cancelled = submit("idle", "");
            client.delete("/jobs/" + cancelled).json(200);
            String failed = submit("fail", ",'payload':{'message':'no'},'maxAttempts':1");
            awaitEvent(stream, failed, "job.failed");

            assertThat(names(stream, cancelled)).containsExactly("job.waiting", "job.cancelled");
            assertThat(names(stream, failed)).containsExactly("job.waiting", "job.active", "job.failed");
            Block last = events(stream, failed).get(2);
            assertThat(parse(last.data()).path("error").path("message").asText())
                    .isEqualTo("no");
        }
    }

    @Test
    void a_batch_is_told_job_by_job_in_its_order() throws Exception {
        try (SseReader stream = stream("queue:" + queue)) {
            String job = "{'queue':'" + queue + "','type':'idle'}";
            List<String> ids = client.post("/jobs/batch", "{'jobs':[" + job + "," + job + "," + job + "]}")
                    .json(201)
                    .path("jobs")
                    .findValuesAsText("id");

            await().until(() -> stream.events().size() == 3);

            assertThat(stream.data())
                    .map(data -> parse(data).path("jobId").asText())
                    .isEqualTo(ids);
        }
    }

    private SseReader stream(String topic) throws IOException {
        SseReader reader = SseReader.open(service.port(), "/api/v1/events?topic=" + topic);
        // The first block is the present cursor: from here on nothing is missed.
        await().until(() -> !reader.blocks().isEmpty());
        return reader;
    }

    private static void awaitEvent(SseReader reader, String id, String name) {
        await().untilAsserted(() ->
                assertThat(names(reader, id)).as("blocks: %s", reader.blocks()).contains(name));
    }

    private JsonNode poll(String more) {
        return client.get("/events/poll?topic=queue:" + queue + more).json(200);
    }

    private String submit(String type, String more) {
        return client.submit("{'queue':'%s','type':'%s'%s}".formatted(queue, type, more));
    }

    private static List<Block> events(SseReader reader, String id) {
        return reader.events().stream()
                .filter(block -> block.data().contains(id))
                .toList();
    }

    private static List<String> names(SseReader reader, String id) {
        return events(reader, id).stream().map(Block::event).toList();
    }
}
