package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job that kills whoever runs it, and what becomes of the others. */
class PoisonJobTest {
    private static final String[] SHORT_LEASE = {"jobs.lease=1s", "jobs.beat=300ms"};
    private static final int STALL_LIMIT = 3;
    private static final Duration NEXT_DEATH = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    @Test
    void a_job_that_kills_its_process_fails_after_the_third_and_its_neighbours_are_done() throws Exception {
        // The one that survives knows the poison's type not, and is who finds the others dead.
        try (ServiceProcess survivor = start("survivor", List.of())) {
            ServiceClient client = survivor.awaitReady().client();
            String poison = client.submit("{'type':'safety.poison','maxAttempts':50}");
            List<String> neighbours = new ArrayList<>();
            for (int death = 1; death <= STALL_LIMIT; death++) {
                neighbours.add(client.submit("{'type':'sleep','payload':{'ms':500}}"));
                try (ServiceProcess victim = start("victim-" + death, List.of(poisonous()))) {
                    neighbours.add(client.submit("{'type':'sleep','payload':{'ms':500}}"));
                    assertThat(victim.awaitEnd(NEXT_DEATH)).isTrue();
                }
            }

            JsonNode failed = client.awaitState(poison, "failed");
            assertThat(failed.path("error").path("message").asText()).startsWith("lease lost 3 times");
            assertThat(failed.path("attempt").asInt()).isEqualTo(STALL_LIMIT);
            for (String neighbour : neighbours) {
                client.awaitState(neighbour, "completed");
            }
            client.awaitState(client.submit("{'type':'echo','payload':1}"), "completed");
        }
    }

    private Path poisonous() throws Exception {
        return TestClasses.handler(temporary.resolve("poisonous"), PoisonHandler.class);
    }

    private ServiceProcess start(String name, List<Path> classes) throws Exception {
        return ServiceProcess.start(
                classes,
                temporary.resolve(name),
                temporary.resolve(name + ".log"),
                TestService.outside(database.url(), redis.port(), temporary.resolve(name)),
                SHORT_LEASE);
    }
}
