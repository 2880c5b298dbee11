package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.testing.ConfigOverride;
import io.trayb.events.SseReader;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** In which order a service that is told to stop lets go of what it does. */
class StopOrderTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    @Test
    void first_it_says_so_then_it_waits_then_streams_end_then_jobs_and_then_its_ports_are_closed() throws Exception {
        Map<String, String> variables = new TreeMap<>(TestService.outside(database.url(), redis.port(), folder));
        variables.put("DRAIN_DELAY", "1s");
        TestService service = TestService.start(variables, ConfigOverride.config("events.drainWindow", "0s"));
        int port = service.port();
        ServiceClient client = service.client();
        String running = client.submit("{'type':'sleep','payload':{'ms':3000}}");
        client.awaitState(running, "active");
        try (SseReader stream = SseReader.open(port, "/api/v1/events?topic=queue:nobody")) {
            await().until(() -> !stream.blocks().isEmpty());

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);

            await().until(() -> get(port, "/readyz").body().contains("\"reason\":\"draining\""));
            // The delay: whoever hasn't turned away yet is served as before.
            String waiting = client.submit("{'type':'noop'}");
            assertThat(stream.hasEnded()).isFalse();

            await().until(stream::hasEnded);
            assertThat(stream.events()).extracting(SseReader.Block::event).containsExactly("close");
            // The streams are gone; the job runs, nothing else is started, and who asks is answered.
            assertThat(client.job(running).path("state").asText()).isEqualTo("active");
            assertThat(client.job(waiting).path("state").asText()).isEqualTo("waiting");
            assertThat(get(port, "/healthz").statusCode()).isEqualTo(200);

            stopped.join();
            JsonNode finished = finished(running);
            assertThat(finished.path("state").asText()).isEqualTo("completed");
            assertThat(finished.path("attempt").asInt()).isEqualTo(1);
        }
    }

    private static JsonNode finished(String id) {
        return database.jdbi().withHandle(handle -> {
            Query query = handle.createQuery("""
                    SELECT CAST(json_build_object('state', state, 'attempt', attempt) AS text)
                      FROM trayb_finished_jobs WHERE id = CAST(:id AS uuid)
                    """);
            return ServiceClient.parse(query.bind("id", id).mapTo(String.class).one());
        });
    }
}
