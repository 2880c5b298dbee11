package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestHaProxy;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the shipped HAProxy does with a request that a node refuses with 503 and {@code Retry-After}, as one does that has too much to
 * do. A node whose streams were ended refuses polls so, whatever it says at {@code /readyz}.
 */
final class RefusedReadingsTest {
    private static final String POLL = "/api/v1/events/poll?topic=jobs";
    private static final int POLLS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    private TestRedis redis;
    private TestNode first;
    private TestNode second;
    private TestHaProxy haproxy;

    @BeforeEach
    void start() throws Exception {
        redis = TestRedis.own();
        first = new TestNode(redis, TestEvents.quick());
        second = new TestNode(redis, TestEvents.quick());
        haproxy = TestHaProxy.before(folder, first.port(), second.port());
        await().atMost(PATIENCE)
                .until(() -> haproxy.readyNodes() == 2 && first.observer().reachable && second.observer().reachable);
    }

    @AfterEach
    void stop() {
        haproxy.close();
        second.close();
        first.close();
        redis.close();
    }

    @Test
    void a_reading_that_one_node_refuses_is_answered_by_the_other_and_not_tried_twice_at_the_first() throws Exception {
        first.events().endStreams();

        for (int i = 0; i < POLLS; i++) {
            assertThat(HttpAnswers.get(haproxy.port(), POLL).statusCode()).isEqualTo(200);
        }

        assertThat(first.observer().refused.get()).isBetween(1L, (long) POLLS).isEqualTo(haproxy.repetitions());
    }

    @Test
    void what_both_nodes_refuse_is_tried_once_at_each_and_the_client_hears_when_to_come_back() throws Exception {
        first.events().endStreams();
        second.events().endStreams();

        HttpResponse<String> answer = HttpAnswers.get(haproxy.port(), POLL);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(first.observer().refused.get()).isEqualTo(1);
        assertThat(second.observer().refused.get()).isEqualTo(1);
    }

    @Test
    void where_no_node_is_ready_only_one_is_asked() throws Exception {
        for (TestNode node : new TestNode[] {first, second}) {
            node.events().endStreams();
            node.ready(false);
        }
        await().atMost(PATIENCE).until(() -> haproxy.readyNodes() == 0);

        HttpResponse<String> answer = HttpAnswers.get(haproxy.port(), POLL);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(first.observer().refused.get() + second.observer().refused.get())
                .isEqualTo(1);
    }

    /** With a service that refuses everything, since it sheds load from the shortest delay on. */
    @Test
    void what_changes_something_is_not_sent_again() throws Exception {
        Map<String, String> variables = TestService.outside(database.url(), redis.port(), folder);
        try (TestService busy = TestService.start(
                        variables, ConfigOverride.config("thresholds.pressureDelaySeconds", "0.000001"));
                TestHaProxy before =
                        TestHaProxy.before(Files.createDirectory(folder.resolve("busy")), busy.port(), busy.port())) {
            await().atMost(PATIENCE).until(() -> before.readyNodes() == 2);

            ServiceClient.Answer submitted = new ServiceClient(before.port()).post("/jobs", "{'type':'noop'}");

            assertThat(submitted.problem(503).path("detail").asText()).contains("more to do than it can");
            assertThat(submitted.header("Retry-After")).isNotEmpty();
            assertThat(before.repetitions()).isZero();
            assertThat(new ServiceClient(before.port()).get("/jobs").status()).isEqualTo(503);
            assertThat(before.repetitions()).isEqualTo(1);
        }
    }
}
