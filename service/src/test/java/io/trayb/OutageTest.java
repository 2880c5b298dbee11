package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.events.SseReader;
import io.trayb.testing.OwnPostgres;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of the whole service while an engine is away, and that it comes back by itself. */
class OutageTest {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path temporary;

    @Test
    void while_redis_is_away_jobs_are_accepted_and_run_and_streams_stay_open_and_say_gap_afterwards() throws Exception {
        try (TestRedis redis = TestRedis.own();
                TestService service = TestService.start(TestService.outside(database.url(), redis.port(), temporary));
                SseReader stream = SseReader.open(service.port(), "/api/v1/events?topic=jobs")) {
            ServiceClient client = service.client();
            await().until(() -> !stream.blocks().isEmpty());
            String before = client.submit("{'type':'noop'}");
            await().until(() -> stream.events().stream()
                    .anyMatch(block -> block.event().equals("job.completed")
                            && block.data().contains(before)));

            redis.stop();

            String during = within(WITHIN, () -> client.submit("{'type':'noop'}"));
            String cancelled = within(WITHIN, () -> client.submit("{'type':'sleep','payload':{'ms':60000}}"));
            client.awaitState(during, "completed");
            client.awaitState(cancelled, "active");
            assertThat(within(WITHIN, () -> client.delete("/jobs/" + cancelled)).status())
                    .isEqualTo(200);
            assertThat(within(WITHIN, () -> client.get("/queues")).status()).isEqualTo(200);
            assertThat(within(WITHIN, () -> client.post("/jobs/" + cancelled + "/retry"))
                            .status())
                    .isEqualTo(200);
            assertThat(client.job(cancelled).path("state").asText()).isIn("waiting", "active");
            client.delete("/jobs/" + cancelled).json(200);
            await().atMost(WITHIN)
                    .untilAsserted(() ->
                            assertThat(get(service.port(), "/readyz").body()).contains("degraded"));
            assertThat(stream.hasEnded()).isFalse();

            redis.start();

            await().until(() -> get(service.port(), "/readyz").statusCode() == 200);
            await().until(() -> !stream.gaps().isEmpty());
            String after = client.submit("{'type':'noop'}");
            await().until(() -> stream.data().stream().anyMatch(data -> data.contains(after)));
            List<String> names =
                    stream.events().stream().map(SseReader.Block::event).toList();
            int firstAfter = indexOf(stream, after);
            assertThat(names.subList(indexOf(stream, before), firstAfter)).contains("gap");
            assertThat(stream.hasEnded()).isFalse();
        }
    }

    @Test
    void a_service_that_starts_before_postgres_waits_and_says_so_and_is_ready_once_it_is_there() throws Exception {
        try (TestRedis redis = TestRedis.own();
                OwnPostgres postgres = new OwnPostgres(temporary.resolve("postgres"))) {
            postgres.stop();
            try (TestService service =
                    TestService.start(TestService.outside(postgres.url(), redis.port(), temporary))) {
                ServiceClient client = service.client();
                await().atMost(WITHIN)
                        .untilAsserted(() -> assertThat(
                                        get(service.adminPort(), "/readyz").body())
                                .contains("refused"));
                assertThat(get(service.port(), "/readyz").body())
                        .contains("it is out of reach, or doesn't answer in time")
                        .doesNotContain("refused", "127.0.0.1");
                assertThat(get(service.port(), "/readyz").statusCode()).isEqualTo(503);
                assertThat(get(service.port(), "/healthz").statusCode()).isEqualTo(200);
                assertRefusedForNow(() -> client.post("/jobs", "{'type':'noop'}"));

                postgres.start();

                await().until(() -> get(service.port(), "/readyz").statusCode() == 200);
                client.awaitState(client.submit("{'type':'noop'}"), "completed");
            }
        }
    }

    @Test
    void while_postgres_is_away_what_needs_it_is_503_within_five_seconds_and_all_goes_on_afterwards() throws Exception {
        try (TestRedis redis = TestRedis.own();
                OwnPostgres postgres = new OwnPostgres(temporary.resolve("postgres"));
                TestService service = TestService.start(TestService.outside(postgres.url(), redis.port(), temporary))) {
            ServiceClient client = service.client();
            String interrupted = client.submit("{'type':'sleep','payload':{'ms':4000}}");
            client.awaitState(interrupted, "active");

            postgres.stop();
            assertEverythingIsRefusedForNow(client, interrupted);
            await().atMost(WITHIN).until(() -> get(service.port(), "/readyz").statusCode() == 503);
            postgres.start();

            await().until(() -> get(service.port(), "/readyz").statusCode() == 200);
            client.awaitState(client.submit("{'type':'noop'}"), "completed");
            assertThat(client.awaitState(interrupted, "completed").path("error").isNull())
                    .isTrue();

            postgres.freeze();
            try {
                assertRefusedForNow(() -> client.post("/jobs", "{'type':'noop'}"));
            } finally {
                postgres.thaw();
            }

            await().until(() -> client.post("/jobs", "{'type':'noop'}").status() == 201);
            assertThat(client.get("/jobs?state=failed").json(200).path("jobs")).isEmpty();
        }
    }

    private static void assertEverythingIsRefusedForNow(ServiceClient client, String id) {
        assertRefusedForNow(() -> client.post("/jobs", "{'type':'noop'}"));
        assertRefusedForNow(() -> client.post("/jobs/batch", "{'jobs':[{'type':'noop'}]}"));
        assertRefusedForNow(() -> client.get("/jobs/" + id));
        assertRefusedForNow(() -> client.get("/jobs"));
        assertRefusedForNow(() -> client.delete("/jobs/" + id));
        assertRefusedForNow(() -> client.post("/jobs/" + id + "/retry"));
        assertRefusedForNow(() -> client.get("/queues"));
        assertRefusedForNow(() -> client.post("/queues/default/pause"));
        assertRefusedForNow(() -> client.post("/queues/default/replay", "{}"));
        assertRefusedForNow(() -> client.post("/queues/default/leases", "{'worker':'w','waitMs':20000}"));
        assertRefusedForNow(() -> client.post("/jobs/" + id + "/complete", "{'leaseToken':'lease-1'}"));
    }

    private static void assertRefusedForNow(Supplier<Answer> call) {
        Answer answer = within(WITHIN, call);

        answer.problem(503);
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
    }

    private static <T> T within(Duration limit, Supplier<T> call) {
        long began = System.nanoTime();
        T answer = call.get();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(limit);
        return answer;
    }

    private static int indexOf(SseReader stream, String id) {
        List<String> data = stream.data();
        for (int i = 0; i < data.size(); i++) {
            if (data.get(i).contains(id)) {
                return i;
            }
        }
        throw new AssertionError("no event of job " + id + " in " + data);
    }
}
