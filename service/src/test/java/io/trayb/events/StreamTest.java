package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.Duration;
import io.trayb.testing.TestRedis;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamTest {
    private static final String STREAM = "/api/v1/events";
    private static final String CURSOR = "[0-9a-f]{16}-\\d+-\\d+";

    private static TestRedis redis;
    private static TestNode node;

    @BeforeAll
    static void start() {
        redis = TestRedis.own();
        node = new TestNode(redis, TestEvents.configured(10_000, 3, 1000, Duration.seconds(30)));
        await().until(() -> node.observer().reachable);
    }

    @AfterAll
    static void stop() {
        node.close();
        redis.close();
    }

    /** A server notices at once that a client has left, but on a thread of its own. */
    @AfterEach
    void awaitThatAllHaveLeft() {
        await().until(() -> node.observer().openStreams.get() == 0);
    }

    @Test
    void a_stream_begins_with_an_id_alone_and_a_delay_for_reconnects() throws Exception {
        try (SseReader reader = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() -> reader.blocks().size() >= 2);

            SseReader.Block first = reader.blocks().get(0);
            assertThat(first.id()).matches(CURSOR);
            assertThat(first.event()).isNull();
            assertThat(first.data()).isNull();
            assertThat(Long.parseLong(reader.blocks().get(1).retry())).isBetween(1000L, 4000L);
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.header("content-type")).isEqualTo("text/event-stream");
            assertThat(reader.header("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(reader.header("x-accel-buffering")).isEqualTo("no");
        }
    }

    @Test
    void an_event_reaches_its_job_its_queue_and_all_jobs_and_nobody_else() throws Exception {
        try (SseReader all = SseReader.open(node.port(), STREAM + "?topic=queue:mail&topic=jobs&topic=job:a1");
                SseReader queue = SseReader.open(node.port(), STREAM + "?topic=queue:mail");
                SseReader other = SseReader.open(node.port(), STREAM + "?topic=queue:print&topic=job:b2")) {
            await().until(() -> List.of(all, queue, other).stream()
                    .noneMatch(r -> r.blocks().isEmpty()));

            node.events().publish(List.of(TestEvents.event("mail", "a1", 1), TestEvents.event("print", "b1", 2)));
            node.events().publish(List.of(TestEvents.event("print", "b2", 3)));

            await().until(() -> all.data().size() == 3
                    && queue.data().size() == 1
                    && other.data().size() == 2);
            assertThat(all.events().get(0).event()).isEqualTo("job.progress");
            assertThat(all.events().get(0).id()).matches(CURSOR);
            assertThat(queue.data()).containsExactly(all.data().get(0));
            assertThat(other.data())
                    .containsExactly(all.data().get(1), all.data().get(2));
        }
    }

    @Test
    void heartbeats_keep_a_quiet_topics_cursor_young() throws Exception {
        try (SseReader quiet = SseReader.open(node.port(), STREAM + "?topic=job:quiet");
                SseReader busy = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() -> !quiet.blocks().isEmpty() && !busy.blocks().isEmpty());

            node.events().publish(List.of(TestEvents.event("mail", "loud", 1)));

            await().until(() -> !busy.events().isEmpty());
            String after = busy.events().get(0).id();
            await().until(() -> quiet.lastId().equals(after));
            assertThat(quiet.events()).isEmpty();
        }
    }

    @Test
    void a_stream_is_not_compressed() throws Exception {
        try (SseReader reader = SseReader.open(node.port(), STREAM + "?topic=jobs", "Accept-Encoding", "gzip")) {
            await().until(() -> !reader.blocks().isEmpty());
            assertThat(reader.header("content-encoding")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?                                  | topic",
                "?topic=                            | topic",
                "?topic=job                         | topic",
                "?topic=queue:UPPER                 | topic",
                "?topic=job:                        | topic",
                "?topic=jobs&after=17               | after",
                "?topic=jobs&after=                 | after",
                "?topic=jobs&after=0123456789abcdef-1-1&after=0123456789abcdef-1-1 | after",
                "?topic=jobs&topics=jobs            | topics",
            })
    void bad_input_is_refused_and_named(String query, String field) throws Exception {
        HttpResponse<String> response = node.send("GET", STREAM + query.strip());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void a_malformed_last_event_id_is_named_too() throws Exception {
        HttpResponse<String> response = node.send("GET", STREAM + "?topic=jobs", "Last-Event-ID", "17");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"field\":\"Last-Event-ID\"", "\"value\":\"17\"");
    }

    @Test
    void fifty_topics_are_taken_and_fifty_one_are_not() throws Exception {
        StringBuilder fifty = new StringBuilder(STREAM + "?topic=jobs");
        for (int i = 1; i < 50; i++) {
            fifty.append("&topic=job:").append(i);
        }
        try (SseReader reader = SseReader.open(node.port(), fifty.toString())) {
            await().until(() -> reader.status() == 200);
        }
        assertThat(node.send("GET", fifty + "&topic=job:50").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
    void only_get_is_allowed(String method) throws Exception {
        for (String path : List.of(STREAM + "?topic=jobs", STREAM + "/poll?topic=jobs")) {
            HttpResponse<String> response = node.send(method, path);
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json         | 406",
                "text/event-stream;q=0    | 406",
                "text/html                | 406",
                "text/event-stream        | 200",
                "text/*;q=0.5, image/png  | 200",
                "*/*                      | 200",
            })
    void an_accept_header_that_rules_a_stream_out_gets_none(String accept, int status) throws Exception {
        try (SseReader reader = SseReader.open(node.port(), STREAM + "?topic=jobs", "Accept", accept.strip())) {
            await().until(() -> reader.status() != 0);
            assertThat(reader.status()).isEqualTo(status);
        }
    }

    @Test
    void a_misspelt_parameter_is_refused_with_those_that_there_are() throws Exception {
        HttpResponse<String> response = node.send("GET", STREAM + "?topic=jobs&tickets=abc");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("there are after, ticket, topic\"");
    }

    @Test
    void a_ticket_that_nobody_issued_is_refused_and_not_ignored() throws Exception {
        HttpResponse<String> response = node.send("GET", STREAM + "?topic=jobs&ticket=abc");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(response.body()).contains("ticket").doesNotContain("abc");
    }

    @Test
    void more_streams_than_allowed_are_told_when_to_come_back_and_get_in_once_one_has_left() throws Exception {
        try (SseReader one = SseReader.open(node.port(), STREAM + "?topic=jobs");
                SseReader two = SseReader.open(node.port(), STREAM + "?topic=jobs");
                SseReader three = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() ->
                    List.of(one, two, three).stream().noneMatch(r -> r.blocks().isEmpty()));

            HttpResponse<String> refused = node.send("GET", STREAM + "?topic=jobs");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 5);
        }
        await().until(() -> node.observer().openStreams.get() == 0);
        try (SseReader again = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() -> again.status() == 200);
        }
    }

    @Test
    void streams_are_switched_off_and_on_while_the_service_runs() throws Exception {
        try (SseReader open = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() -> !open.blocks().isEmpty());
            try {
                assertThat(node.sendToAdmin("POST", "/tasks/sse?enabled=false").statusCode())
                        .isEqualTo(200);

                await().until(open::hasEnded);
                SseReader.Block last = open.blocks().get(open.blocks().size() - 1);
                assertThat(last.event()).isEqualTo("close");
                assertThat(last.data()).isEqualTo("{\"reason\":\"disabled\"}");
                assertThat(Long.parseLong(last.retry())).isPositive();

                HttpResponse<String> refused = node.send("GET", STREAM + "?topic=queue:mail&topic=jobs");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(refused.headers().firstValue("Link"))
                        .contains("</api/v1/events/poll?topic=queue%3Amail&topic=jobs>; rel=\"alternate\"");
                assertThat(node.send("GET", STREAM + "/poll?topic=jobs").statusCode())
                        .isEqualTo(200);
            } finally {
                node.sendToAdmin("POST", "/tasks/sse?enabled=true");
            }
        }
        try (SseReader again = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() -> again.status() == 200);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,'',400", "POST,?enabled=yes,400", "GET,?enabled=false,405"})
    void the_switch_takes_only_true_and_false_by_post(String method, String query, int status) throws Exception {
        assertThat(node.sendToAdmin(method, "/tasks/sse" + query).statusCode()).isEqualTo(status);
        assertThat(node.send("HEAD", STREAM).statusCode()).isEqualTo(405);
    }

    @Test
    void the_counters_in_redis_follow_and_are_right_again_after_a_reset() throws Exception {
        try (SseReader reader = SseReader.open(node.port(), STREAM + "?topic=jobs")) {
            await().until(() -> !reader.blocks().isEmpty());
            await().until(() -> "1".equals(redis.client().hget("metrics:sse", "active")));

            redis.client().del("metrics:sse");
            node.events().publish(List.of(TestEvents.event(1)));

            await().until(() -> "1".equals(redis.client().hget("metrics:sse", "delivered")));
            assertThat(redis.client().hgetAll("metrics:sse"))
                    .containsEntry("active", "1")
                    .containsEntry("dropped", "0");
        }
    }

    @Test
    void listeners_in_the_process_hear_every_event_and_survive_their_own_failures() {
        List<String> heard = new CopyOnWriteArrayList<>();
        node.events().listen(event -> {
            heard.add(event.jobId());
            throw new IllegalStateException("a listener's defect");
        });

        node.events().publish(List.of(TestEvents.event("mail", "l1", 1), TestEvents.event("mail", "l2", 2)));

        await().until(() -> heard.containsAll(List.of("l1", "l2")));
    }
}
