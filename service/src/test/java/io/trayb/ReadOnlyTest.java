package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A database that answers and takes nothing, as a standby does or one that is being moved. */
class ReadOnlyTest {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    @Test
    void while_nothing_can_be_written_submissions_are_refused_whole_and_all_goes_on_when_it_can() throws Exception {
        try (TestService service = TestService.start(TestService.outside(database.url(), redis.port(), temporary))) {
            ServiceClient client = service.client();
            String running = client.submit("{'type':'sleep','payload':{'ms':4000}}");
            client.awaitState(running, "active");

            execute("ALTER DATABASE %s SET default_transaction_read_only = on");
            endSessions();

            await().atMost(WITHIN).untilAsserted(() -> {
                assertThat(get(service.port(), "/readyz").statusCode()).isEqualTo(503);
                assertThat(get(service.port(), "/readyz").body()).contains("read-only");
            });
            // The first answers may be of connections that were just ended.
            await().atMost(WITHIN).until(() -> isRefusedWhole(client.post("/jobs", "{'type':'noop'}")));
            assertThat(isRefusedWhole(client.post("/jobs", "{'type':'noop'}", "Idempotency-Key", "once")))
                    .isTrue();
            assertThat(isRefusedWhole(client.post("/jobs/batch", "{'jobs':[{'type':'noop'},{'type':'noop'}]}")))
                    .isTrue();
            assertThat(isRefusedWhole(client.delete("/jobs/" + running))).isTrue();
            assertThat(client.job(running).path("state").asText()).isEqualTo("active");
            assertThat(client.get("/jobs").json(200).path("jobs")).hasSize(1);

            // The sessions that were opened meanwhile stay read-only: they have to be given up.
            execute("ALTER DATABASE %s RESET default_transaction_read_only");

            await().atMost(WITHIN).until(() -> get(service.port(), "/readyz").statusCode() == 200);
            Answer taken = await().atMost(WITHIN)
                    .until(
                            () -> client.post("/jobs", "{'type':'noop'}", "Idempotency-Key", "once"),
                            answer -> answer.status() == 201);
            String after = taken.json(201).path("id").asText();
            client.awaitState(after, "completed");
            JsonNode survivor = client.awaitState(running, "completed");
            assertThat(survivor.path("attempt").asInt()).isEqualTo(1);
        }
    }

    private static boolean isRefusedWhole(Answer answer) {
        JsonNode problem = answer.problem(503);
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
        return problem.path("detail").asText().contains("nothing was changed");
    }

    private static void endSessions() throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'");
    }

    /** From another database, whose sessions can write. */
    private static void execute(String sql) throws SQLException {
        String name = database.url().database();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + database.url().hosts() + "/postgres", "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql.formatted(name));
        }
    }
}
