package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.testing.RawHttp;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who hears what, and for how long: two nodes on one database and one Redis. */
final class KeyedEventsTest {
    private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path folder;

    private static TestService one;
    private static TestService two;
    private static final AtomicInteger names = new AtomicInteger();

    private final String name = "key-" + names.incrementAndGet();

    @BeforeAll
    static void start() throws Exception {
        one = start("1");
        two = start("2");
        // From the first key on; until a node knows of one, whatever it is asked is asked by the built-in key.
        TestKeys.create(database, "first", "*", ALL);
        for (TestService node : List.of(one, two)) {
            await().until(() -> node.client().get("/queues").status() == 401);
        }
    }

    /** An override is put back to what was there before it, so each node has its own. */
    private static TestService start(String name) throws Exception {
        return TestService.start(
                TestService.outside(database.url(), redis.port(), folder.resolve(name)),
                ConfigOverride.config("events.maxOpenPerKey", "2"));
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static void awaitKnown(String key) {
        for (TestService node : List.of(one, two)) {
            await().until(() -> node.client().with(key).get("/queues").status() == 200);
        }
    }

    private String create(String queues) {
        String key = TestKeys.create(database, name, queues, ALL);
        awaitKnown(key);
        return key;
    }

    private static String ticket(TestService node, String key) {
        return node.client()
                .with(key)
                .post("/events/tickets", "{'topics':['jobs']}")
                .json(201)
                .path("ticket")
                .asText();
    }

    private static SseReader open(TestService node, String key, String topic) throws Exception {
        SseReader reader =
                SseReader.open(node.port(), "/api/v1/events?topic=" + topic, "Authorization", "Bearer " + key);
        await().until(() -> !reader.blocks().isEmpty());
        return reader;
    }

    private static boolean isClosed(SseReader reader) {
        return reader.blocks().stream()
                .anyMatch(block -> "close".equals(block.event()) && block.data().contains("key-ended"));
    }

    @Test
    void all_jobs_are_those_that_the_key_may_see_through_a_ticket_too() throws Exception {
        String key = create("mail-*");
        ServiceClient client = one.client().with(TestKeys.create(database, name + "-all", "*", ALL));
        await().until(() -> client.get("/queues").status() == 200);
        String ticket = ticket(two, key);
        try (SseReader direct = open(one, key, "jobs");
                SseReader ticketed = SseReader.open(one.port(), "/api/v1/events?ticket=" + ticket)) {
            await().until(() -> !ticketed.blocks().isEmpty());
            String hidden = client.submit("{'queue':'print-1','type':'noop'}");
            String shown = client.submit("{'queue':'mail-1','type':'noop'}");
            for (SseReader reader : List.of(direct, ticketed)) {
                await().until(() -> reader.events().size() >= 3);
                assertThat(reader.data())
                        .allSatisfy(data -> assertThat(data).contains(shown).doesNotContain(hidden));
            }
        }
    }

    @Test
    void a_revoked_key_ends_streams_and_polls_and_waiting_workers_on_every_node_within_five_seconds() throws Exception {
        String key = create("*");
        String cursor = one.client()
                .with(key)
                .get("/events/poll?topic=queue:quiet")
                .json(200)
                .path("cursor")
                .asText();
        try (SseReader here = open(one, key, "jobs");
                SseReader there = open(two, key, "jobs")) {
            CompletableFuture<Answer> poll = CompletableFuture.supplyAsync(
                    () -> one.client().with(key).get("/events/poll?topic=queue:quiet&timeoutMs=25000&after=" + cursor));
            CompletableFuture<Answer> lease = CompletableFuture.supplyAsync(
                    () -> two.client().with(key).post("/queues/quiet/leases", "{'worker':'w','waitMs':25000}"));
            // Both wait by then, or the test shows nothing: the poll has its key's second place.
            await().until(() ->
                    one.client().with(key).get("/events/poll?topic=jobs").status() == 429);

            TestKeys.store(database).revoke(name, "test");

            await().atMost(FIVE_SECONDS).until(() -> isClosed(here) && isClosed(there));
            Answer polled = poll.get(5, TimeUnit.SECONDS);
            assertThat(polled.problem(401).path("detail").asText()).contains("revoked");
            assertThat(polled.header("WWW-Authenticate")).contains("invalid_token");
            lease.get(5, TimeUnit.SECONDS).problem(401);
        }
    }

    @Test
    void a_key_that_expires_ends_its_stream() throws Exception {
        String key = TestKeys.create(database, name, "*", ALL, Instant.now().plusSeconds(4), null);
        awaitKnown(key);
        try (SseReader reader = open(one, key, "jobs")) {
            await().atMost(Duration.ofSeconds(15)).until(() -> isClosed(reader));
        }
    }

    @Test
    void a_key_has_so_many_open_and_no_more_and_another_key_is_not_the_worse_for_it() throws Exception {
        String key = create("*");
        String other = TestKeys.create(database, name + "-other", "*", ALL);
        awaitKnown(other);
        String ticket = ticket(one, key);
        try (SseReader first = open(one, key, "jobs");
                SseReader second = open(one, key, "jobs")) {
            Answer third = one.client().with(key).get("/events?topic=jobs");
            third.problem(429);
            assertThat(third.header("Retry-After")).isNotEmpty();
            one.client().with(key).get("/events/poll?topic=jobs").problem(429);
            one.client().get("/events/poll?topic=jobs&ticket=" + ticket).problem(429);
            one.client().with(other).get("/events/poll?topic=jobs").json(200);
            assertThat(first.blocks()).isNotEmpty();
            assertThat(second.blocks()).isNotEmpty();
        }
        // That a client has gone is noticed by the next event.
        await().until(() -> {
            one.client().with(other).submit("{'type':'noop'}");
            return one.client().with(key).get("/events/poll?topic=jobs").status() == 200;
        });
        // A refusal for want of room leaves it as good as it was.
        await().until(() ->
                one.client().get("/events/poll?topic=jobs&ticket=" + ticket).status() == 200);
    }

    @Test
    void a_ticket_is_good_for_nothing_once_its_key_is_revoked() {
        String key = create("*");
        String ticket = ticket(one, key);
        one.client().with(key).call("DELETE", "/keys/" + name, null).json(200);

        one.client().get("/events/poll?topic=jobs&ticket=" + ticket).problem(401);
    }

    @Test
    void a_ticket_opens_nothing_but_events() {
        String key = create("*");
        String ticket = ticket(one, key);
        for (String path :
                List.of("/jobs", "/events/tickets", "/events/poll/", "/events/../jobs", "/events;x/../queues")) {
            assertThat(one.client().get(path + "?topic=jobs&ticket=" + ticket).status())
                    .as(path)
                    .isIn(400, 401, 404);
        }
    }

    @Test
    void a_page_behind_a_public_name_gets_a_ticket_with_a_key() throws Exception {
        String key = create("*");
        String body = "{\"topics\":[\"jobs\"]}";
        String answer = RawHttp.text(
                one.port(),
                "POST /api/v1/events/tickets HTTP/1.1\r\nHost: jobs.example.org\r\nOrigin: https://jobs.example.org\r\n"
                        + "Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\nConnection: close\r\n\r\n" + body);
        assertThat(answer).startsWith("HTTP/1.1 201");
    }
}
