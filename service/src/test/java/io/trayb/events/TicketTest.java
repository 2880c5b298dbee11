package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.RedisClient;

/** Tickets and the module for web pages, as the whole service serves them. */
final class TicketTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private final String queue = ServiceClient.freshQueue();

    private String ticket(String topics) {
        return service.client()
                .post("/events/tickets", "{'topics':" + topics + "}")
                .json(201)
                .path("ticket")
                .asText();
    }

    private Answer poll(String query) {
        return service.client().get("/events/poll?" + query);
    }

    @Test
    void a_ticket_lives_for_a_minute_and_is_kept_by_nobody_on_the_way() {
        Instant before = Instant.now();
        Answer answer = service.client().post("/events/tickets", "{'topics':['jobs']}");

        JsonNode issued = answer.json(201);
        assertThat(issued.path("ticket").asText()).matches("[A-Za-z0-9_-]{32}");
        assertThat(Instant.parse(issued.path("expiresAt").asText()))
                .isBetween(before.plusSeconds(59), Instant.now().plusSeconds(60));
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(issued).hasSize(2);
    }

    @Test
    void a_ticket_opens_one_stream_and_no_second_one() throws Exception {
        String ticket = ticket("['queue:" + queue + "']");
        String path = "/api/v1/events?topic=queue:" + queue + "&ticket=" + ticket;
        try (SseReader reader = SseReader.open(service.port(), path);
                SseReader second = SseReader.open(service.port(), path)) {
            await().until(() -> reader.status() != 0 && second.status() != 0);
            assertThat(new int[] {reader.status(), second.status()}).containsExactlyInAnyOrder(200, 401);
        }
    }

    @Test
    void a_ticket_makes_one_poll_and_no_second_one() {
        String ticket = ticket("['queue:" + queue + "','jobs']");

        poll("topic=jobs&ticket=" + ticket).json(200);

        Answer again = poll("topic=jobs&ticket=" + ticket);
        assertThat(again.problem(401).path("errors").get(0).path("field").asText())
                .isEqualTo("ticket");
        assertThat(again.header("WWW-Authenticate")).isNotEmpty();
        assertThat(again.body()).doesNotContain(ticket);
    }

    @Test
    void who_names_no_topics_gets_those_of_the_ticket() throws Exception {
        String ticket = ticket("['queue:" + queue + "']");
        try (SseReader reader = SseReader.open(service.port(), "/api/v1/events?ticket=" + ticket)) {
            await().until(() -> !reader.blocks().isEmpty());
            service.client().submit("{'queue':'" + ServiceClient.freshQueue() + "','type':'noop'}");
            String mine = service.client().submit("{'queue':'" + queue + "','type':'noop'}");

            await().until(() -> reader.events().size() >= 3);
            assertThat(reader.data()).allSatisfy(data -> assertThat(data).contains(mine));
        }
    }

    @Test
    void a_ticket_for_other_topics_is_refused_and_used_up() {
        String ticket = ticket("['queue:" + queue + "']");

        JsonNode problem =
                poll("topic=jobs&topic=queue:" + queue + "&ticket=" + ticket).problem(403);

        assertThat(problem.path("errors")).hasSize(1);
        assertThat(problem.path("errors").get(0).path("value").asText()).isEqualTo("jobs");
        poll("topic=queue:" + queue + "&ticket=" + ticket).problem(401);
    }

    @Test
    void a_request_that_is_wrong_for_another_reason_does_not_use_the_ticket_up() {
        String ticket = ticket("['jobs']");

        assertThat(poll("topic=jobs&limit=0&ticket=" + ticket).wrongFields()).containsExactly("limit");

        poll("topic=jobs&ticket=" + ticket).json(200);
    }

    @Test
    void tickets_that_are_there_twice_are_not_repeated_in_the_error() {
        String one = ticket("['jobs']");
        String other = ticket("['jobs']");

        Answer answer = poll("topic=jobs&ticket=" + one + "&ticket=" + other);

        assertThat(answer.wrongFields()).containsExactly("ticket");
        assertThat(answer.body()).doesNotContain(one, other);
    }

    @Test
    void what_lies_in_redis_opens_nothing() {
        String ticket = ticket("['jobs']");
        try (RedisClient client = RedisClient.create(service.redisUrl())) {
            assertThat(client.keys("*ticket*")).isNotEmpty().noneMatch(key -> key.contains(ticket));
            assertThat(client.keys("*ticket*"))
                    .allSatisfy(key -> assertThat(client.pttl(key)).isBetween(1L, 60_000L));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                            | topics",
                "{'topics':[]}                 | topics",
                "{'topics':null}               | topics",
                "{'topics':'jobs'}             | topics",
                "{'topics':['jobs',7]}         | topics[1]",
                "{'topics':['queue:UPPER']}    | topics[0]",
                "{'topics':['jobs'],'topic':1} | topic",
                "[]                            | body",
            })
    void bad_input_is_refused_and_named(String body, String field) {
        assertThat(service.client().post("/events/tickets", body.strip()).wrongFields())
                .containsExactly(field);
    }

    @Test
    void fifty_topics_are_taken_and_fifty_one_are_not() {
        String fifty = "'job:1'" + ",'jobs'".repeat(49);

        ticket("[" + fifty + "]");

        assertThat(service.client()
                        .post("/events/tickets", "{'topics':[" + fifty + ",'jobs']}")
                        .wrongFields())
                .containsExactly("topics");
    }
}
