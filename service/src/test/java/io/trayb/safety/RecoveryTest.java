package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.Figures;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How long the jobs of a process that is killed do nothing, with the settings that everybody has. */
class RecoveryTest {
    private static final int JOBS = 4;
    private static final Duration PROMISED = Duration.ofSeconds(15);
    /**
     * The promise counts 10 s of lease, a second until the reaper looks, and 4 s for it and the claim to get a processor and an
     * answer. Here those two, two JVMs that are still compiling and the rest of the build share two cores.
     */
    private static final Duration SCHEDULING = Duration.ofSeconds(10);
    /** Nobody judges before it has been in touch with the database for a lease. */
    private static final Duration UNTIL_IT_MAY_JUDGE = Duration.ofSeconds(11);

    private static final Duration LONGEST = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    @Test
    void the_jobs_of_a_killed_process_run_elsewhere_within_the_promised_time() throws Exception {
        try (ServiceProcess victim = start("victim")) {
            ServiceClient atVictim = victim.awaitReady().client();
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add(atVictim.submit("{'type':'sleep','payload':{'ms':600000},'timeoutMs':700000}"));
            }
            jobs.forEach(job -> atVictim.awaitState(job, "active"));
            try (ServiceProcess survivor = start("survivor")) {
                ServiceClient client = survivor.awaitReady().client();
                await().pollDelay(UNTIL_IT_MAY_JUDGE).atMost(LONGEST).until(survivor::isAlive);

                victim.kill();
                Instant killed = Instant.now();
                await().atMost(LONGEST)
                        .untilAsserted(() -> assertThat(jobs)
                                .allSatisfy(job -> assertThat(
                                                client.job(job).path("attempt").asInt())
                                        .isEqualTo(2)));

                Duration recovery = jobs.stream()
                        .map(client::job)
                        .map(RecoveryTest::startedAt)
                        .map(started -> Duration.between(killed, started))
                        .max(Duration::compareTo)
                        .orElseThrow();
                Figures.note("recovery of %d jobs after kill -9: %d ms".formatted(JOBS, recovery.toMillis()));
                assertThat(recovery).isLessThan(PROMISED.plus(SCHEDULING));
                jobs.forEach(job -> client.delete("/jobs/" + job));
            }
        }
    }

    private static Instant startedAt(JsonNode job) {
        return Instant.parse(job.path("startedAt").asText());
    }

    private ServiceProcess start(String name) throws IOException {
        Map<String, String> variables =
                new HashMap<>(TestService.outside(database.url(), redis.port(), temporary.resolve(name)));
        variables.put("JOB_CONCURRENCY", Integer.toString(JOBS));
        return ServiceProcess.start(temporary.resolve(name), temporary.resolve(name + ".log"), variables);
    }
}
