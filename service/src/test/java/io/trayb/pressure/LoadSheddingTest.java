package io.trayb.pressure;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a service answers that has more requests than it may, since Postgres holds them up. */
class LoadSheddingTest {
    private static final String ABSENT = "/jobs/" + new UUID(0, 0);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        clients.shutdownNow();
    }

    /** With so many connections, on which requests may wait for longer than the test takes. */
    private TestService start(String threshold, int limit, int connections) throws Exception {
        return TestService.start(
                TestService.outside(database.url(), redis.port(), folder),
                ConfigOverride.config("thresholds." + threshold, Integer.toString(limit)),
                ConfigOverride.config("database.pool.maxSize", Integer.toString(connections)),
                ConfigOverride.config("database.pool.borrowTimeout", "30s"),
                ConfigOverride.config("database.pool.socketTimeout", "30s"),
                ConfigOverride.config("readiness.critical", "redis"));
    }

    /** As many readers of a job as are asked for, each of which waits for somebody who has locked the jobs. */
    private List<CompletableFuture<Answer>> readers(TestService service, int number) {
        List<CompletableFuture<Answer>> readers = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            readers.add(CompletableFuture.supplyAsync(() -> service.client().get(ABSENT), clients));
        }
        return readers;
    }

    private static void lockJobs(Handle handle) {
        handle.begin();
        handle.execute("LOCK TABLE trayb_jobs IN ACCESS EXCLUSIVE MODE");
    }

    private static String metrics(TestService service) throws Exception {
        return get(service.adminPort(), "/metrics").body();
    }

    @Test
    void one_request_too_many_is_refused_at_once_and_all_is_well_when_the_others_are_answered() throws Exception {
        try (TestService service = start("pressureRequests", 3, 8);
                Handle lock = database.jdbi().open()) {
            service.client().get(ABSENT).problem(404);
            lockJobs(lock);
            List<CompletableFuture<Answer>> waiting = readers(service, 3);
            await().until(() -> metrics(service).contains("trayb_pressure_requests 3.0"));

            Answer refused = service.client().get("/queues");

            assertThat(refused.problem(503).path("detail").asText())
                    .isEqualTo(
                            "This node has more to do than it can: it is answering as many requests as it may; nothing was"
                                    + " changed, try again, or another node.");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 3);
            assertThat(service.client().post("/jobs", "{'type':'noop'}").status())
                    .isEqualTo(503);
            // What tells the outcome of a job is let in, and waits with the others.
            CompletableFuture<Answer> outcome = CompletableFuture.supplyAsync(
                    () -> service.client().post(ABSENT + "/complete", "{'leaseToken':'1.1'}"), clients);
            await().until(() -> metrics(service).contains("trayb_pressure_requests 4.0"));
            assertThat(get(service.port(), "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(service.port(), "/readyz").body())
                    .contains("\"pressure\":{\"status\":\"high\",\"reasons\":[\"requests\"]");
            assertThat(get(service.port(), "/readyz").statusCode()).isEqualTo(200);
            assertThat(metrics(service)).contains("trayb_pressure_refused_total{reason=\"requests\",} 2.0");

            lock.rollback();
            waiting.forEach(CompletableFuture::join);
            assertThat(outcome.get().status()).isNotEqualTo(503);
            await().until(() -> service.client().get("/queues").status() == 200);
            await().until(() -> get(service.port(), "/readyz").body().contains("\"pressure\":{\"status\":\"ok\""));
        }
    }

    @Test
    void while_too_many_wait_for_a_connection_nobody_else_is_sent_to_wait() throws Exception {
        try (TestService service = start("pressureConnectionWaiters", 2, 2);
                Handle lock = database.jdbi().open()) {
            service.client().get(ABSENT).problem(404);
            lockJobs(lock);
            List<CompletableFuture<Answer>> waiting = readers(service, 12);

            await().until(() -> !metrics(service).matches("(?s).*trayb_database_connection_waiters [0-2]\\.0.*"));

            assertThat(service.client()
                            .get("/queues")
                            .problem(503)
                            .path("detail")
                            .asText())
                    .contains("too many requests wait for the database");

            lock.rollback();
            waiting.forEach(CompletableFuture::join);
            await().until(() -> service.client().get("/queues").status() == 200);
        }
    }
}
