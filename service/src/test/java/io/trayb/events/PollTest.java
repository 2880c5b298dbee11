package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.testing.TestRedis;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PollTest {
    private static final String POLL = "/api/v1/events/poll?topic=jobs";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRedis redis;
    private static TestNode node;

    @BeforeAll
    static void start() {
        redis = TestRedis.own();
        node = new TestNode(redis, TestEvents.quick());
        await().until(() -> node.observer().reachable);
    }

    @AfterAll
    static void stop() {
        node.close();
        redis.close();
    }

    private JsonNode poll(String parameters) throws Exception {
        HttpResponse<String> response = node.send("GET", POLL + parameters);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        return JSON.readTree(response.body());
    }

    private CompletableFuture<JsonNode> pollInBackground(String parameters) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return poll(parameters);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String cursor() throws Exception {
        return poll("").get("cursor").asText();
    }

    /** Publishes events and waits until they are in the log. */
    private static void publish(int from, int to) {
        long before = node.observer().published.get();
        node.events().publish(TestEvents.events(from, to));
        await().until(() -> node.observer().published.get() == before + to - from);
    }

    private static List<String> data(JsonNode answer) {
        List<String> data = new ArrayList<>();
        answer.get("events").forEach(event -> data.add(event.get("data").toString()));
        return data;
    }

    @Test
    void without_a_cursor_it_answers_at_once_with_the_present_one() throws Exception {
        JsonNode answer = poll("");

        assertThat(answer.get("events")).isEmpty();
        assertThat(answer.get("gap").isBoolean()).isTrue();
        assertThat(answer.get("gap").booleanValue()).isFalse();
        assertThat(Cursor.parse(answer.get("cursor").asText())).isPresent();
        assertThat(poll("&after=" + answer.get("cursor").asText() + "&timeoutMs=0")
                        .get("gap")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void it_waits_for_an_event_and_answers_with_it() throws Exception {
        CompletableFuture<JsonNode> answer = pollInBackground("&after=" + cursor());
        await().until(() -> node.observer().openPolls.get() == 1);

        node.events().publish(TestEvents.events(0, 1));

        JsonNode got = answer.get(5, TimeUnit.SECONDS);
        assertThat(data(got)).containsExactly(TestEvents.data(0));
        assertThat(got.get("events").get(0).get("event").asText()).isEqualTo("job.progress");
        assertThat(got.get("events").get(0).get("id")).isEqualTo(got.get("cursor"));
        await().until(() -> node.observer().openPolls.get() == 0);
    }

    @Test
    void polls_in_a_row_see_each_event_once_and_in_order_whatever_the_limit() throws Exception {
        String cursor = cursor();
        publish(0, 1300);

        List<String> seen = new ArrayList<>();
        while (seen.size() < 1300) {
            JsonNode answer = poll("&after=" + cursor + "&limit=" + (seen.size() < 300 ? 7 : 500));
            assertThat(answer.get("events").size()).isBetween(1, 500);
            assertThat(answer.get("gap").booleanValue()).isFalse();
            seen.addAll(data(answer));
            cursor = answer.get("cursor").asText();
        }
        assertThat(seen).isEqualTo(TestEvents.data(0, 1300));
    }

    @Test
    void a_poll_with_no_time_still_gets_what_is_there() throws Exception {
        String cursor = cursor();
        publish(0, 5);

        assertThat(data(poll("&timeoutMs=0&after=" + cursor))).isEqualTo(TestEvents.data(0, 5));
    }

    @Test
    void a_quiet_topics_poll_comes_back_with_a_younger_cursor() throws Exception {
        String cursor = cursor();
        CompletableFuture<JsonNode> answer = pollInBackground("&after=" + cursor + "&timeoutMs=400");
        HttpResponse<String> quiet =
                node.send("GET", "/api/v1/events/poll?topic=job:quiet&timeoutMs=400&after=" + cursor);
        assertThat(answer.get(5, TimeUnit.SECONDS).get("events")).isEmpty();
        publish(0, 5);

        JsonNode later =
                JSON.readTree(node.send("GET", "/api/v1/events/poll?topic=job:quiet&timeoutMs=0&after=" + cursor)
                        .body());

        assertThat(JSON.readTree(quiet.body()).get("cursor").asText()).isEqualTo(cursor);
        assertThat(later.get("events")).isEmpty();
        await().until(() -> cursor().equals(JSON.readTree(
                        node.send("GET", "/api/v1/events/poll?topic=job:quiet&timeoutMs=0&after=" + cursor)
                                .body())
                .get("cursor")
                .asText()));
    }

    @Test
    void a_cursor_of_a_lost_log_is_a_gap_at_once() throws Exception {
        String cursor = cursor();
        redis.client().flushAll();

        JsonNode answer = poll("&after=" + cursor);

        assertThat(answer.get("gap").booleanValue()).isTrue();
        assertThat(answer.get("events")).isEmpty();
        assertThat(answer.get("cursor").asText()).isNotEqualTo(cursor);
        String next = answer.get("cursor").asText();
        node.events().publish(TestEvents.events(0, 2));
        assertThat(data(poll("&after=" + next))).startsWith(TestEvents.data(0));
    }

    @Test
    void a_waiting_poll_is_told_a_gap() throws Exception {
        CompletableFuture<JsonNode> answer = pollInBackground("&after=" + cursor());
        await().until(() -> node.observer().openPolls.get() == 1);

        node.events().publishGap(GapReason.NODE_LOST);

        assertThat(answer.get(5, TimeUnit.SECONDS).get("gap").booleanValue()).isTrue();
    }

    @Test
    void while_redis_is_away_it_answers_when_its_time_is_up_with_the_same_cursor() throws Exception {
        String cursor = cursor();
        String old = cursor.substring(0, 16) + "-1-1";
        redis.stop();
        try {
            await().until(() -> !node.observer().reachable);
            for (String after : List.of(cursor, old)) {
                JsonNode answer = poll("&timeoutMs=500&after=" + after);
                assertThat(answer.get("events")).isEmpty();
                assertThat(answer.get("cursor").asText()).isEqualTo(after);
                assertThat(answer.get("gap").booleanValue()).isFalse();
            }
        } finally {
            redis.start();
            await().until(() -> node.observer().reachable);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timeoutMs=-1,timeoutMs",
        "timeoutMs=25001,timeoutMs",
        "timeoutMs=soon,timeoutMs",
        "limit=0,limit",
        "limit=501,limit",
        "limit=,limit",
        "limit=99999999999,limit",
        "after=x,after",
        "timeout=5,timeout",
    })
    void bad_input_is_refused_and_named(String parameter, String field) throws Exception {
        HttpResponse<String> response = node.send("GET", POLL + "&" + parameter);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void an_accept_header_that_rules_json_out_is_refused() throws Exception {
        assertThat(node.send("GET", POLL, "Accept", "text/event-stream").statusCode())
                .isEqualTo(406);
    }
}
