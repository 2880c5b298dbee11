package io.trayb.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.trayb.events.SseReader;
import io.trayb.keys.api.Audit;
import io.trayb.openapi.ApiContract;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.LoggedLines;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole services with a part of the roles, side by side on one database. */
class RolesServiceTest {
    private static final String TICKETS = "/events/tickets";
    private static final String TOPICS = "{'topics':['jobs']}";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    @Test
    void each_role_does_its_part_and_leaves_the_rest_to_the_others() throws Exception {
        try (TestService api = start("api");
                TestService events = start("events");
                TestService worker = start("worker");
                SseReader stream = SseReader.open(events.port(), "/api/v1/events?topic=jobs")) {
            await().until(() -> !stream.blocks().isEmpty());
            String id = api.client().submit("{'type':'noop'}");

            api.client().awaitState(id, "completed");
            await().until(() -> stream.events().stream()
                    .anyMatch(block -> block.event().equals("job.completed")
                            && block.data().contains(id)));
            assertThat(events.client()
                            .get("/jobs/" + id)
                            .problem(421)
                            .path("detail")
                            .asText())
                    .isEqualTo("This process has no role api, only events. Send this call to one that has it.");
            assertThat(worker.client().post("/jobs", "{'type':'noop'}").status())
                    .isEqualTo(421);
            assertThat(api.client()
                            .get("/events?topic=jobs")
                            .problem(421)
                            .path("detail")
                            .asText())
                    .contains("no role events, only api");
            assertThat(worker.client().get("/events/poll?topic=jobs").status()).isEqualTo(421);
            ApiContract contract = ApiContract.committed();
            for (String operation : List.of("getJob", "submitJob", "pollEvents", "streamEvents")) {
                assertThat(contract.faults(
                                contract.operation(operation),
                                421,
                                "application/problem+json",
                                ServiceClient.parse(
                                        worker.client().get("/queues").body())))
                        .isEmpty();
            }
            assertThat(events.client().post(TICKETS, TOPICS).status()).isEqualTo(201);
            assertThat(api.client().post(TICKETS, TOPICS).status()).isEqualTo(201);
            assertThat(worker.client().post(TICKETS, TOPICS).status()).isEqualTo(421);
            try (LoggedLines audited = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
                worker.client().post("/queues/q/pause").problem(421);
                await().untilAsserted(() -> assertThat(audited.messages())
                        .singleElement()
                        .asString()
                        .contains("/api/v1/queues/q/pause\",\"status\":421"));
            }
            for (TestService service : new TestService[] {api, events, worker}) {
                await().until(() -> HttpAnswers.get(service.port(), "/readyz").statusCode() == 200);
                assertThat(HttpAnswers.get(service.adminPort(), "/metrics").statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void a_remote_worker_that_asks_for_jobs_is_a_worker_that_reports() throws Exception {
        try (TestService api = start("api")) {
            double before = lastHeartbeat(api);
            await().pollDelay(Duration.ofMillis(20)).until(() -> true);

            api.client()
                    .post("/queues/" + ServiceClient.freshQueue() + "/leases", "{'worker':'w'}")
                    .json(200);

            assertThat(lastHeartbeat(api)).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"api,events | true", "worker | false", "api,worker | false"})
    void roles_and_run_job_worker_that_contradict_each_other_are_refused(String roles, String worker) {
        Map<String, String> variables = variables(roles);
        variables.put("RUN_JOB_WORKER", worker);

        assertThatThrownBy(() -> TestService.start(variables).close())
                .hasStackTraceContaining("jobs.worker (RUN_JOB_WORKER) contradicts roles (TRAYB_ROLES)");
    }

    private TestService start(String roles) throws Exception {
        return TestService.start(variables(roles));
    }

    private Map<String, String> variables(String roles) {
        Map<String, String> variables =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), temporary.resolve(roles)));
        variables.put("TRAYB_ROLES", roles);
        return variables;
    }

    private static double lastHeartbeat(TestService service) throws Exception {
        return HttpAnswers.get(service.adminPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("trayb_worker_last_heartbeat_timestamp_seconds "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
