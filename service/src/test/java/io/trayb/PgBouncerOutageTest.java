package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.database.SqlArray;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The service behind the shipped PgBouncer, when that goes, comes, stands still and cuts what it holds. */
class PgBouncerOutageTest {
    private static final Duration PROMISED = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SUBMITTERS = 3;

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path folder;

    private static TestPgBouncer pgbouncer;
    private static TestService service;
    private static ServiceClient client;

    @BeforeAll
    static void start() throws Exception {
        pgbouncer = TestPgBouncer.before(database.url());
        Map<String, String> variables = new TreeMap<>(
                TestService.outside(pgbouncer.through(database.url()), redis.port(), folder.resolve("data")));
        variables.put("PGBOUNCER_URL", pgbouncer.consoleUrl());
        variables.put("PROBE_DATABASE", TestPgBouncer.PROBE_DATABASE);
        service = TestService.start(variables);
        client = service.client();
        await().atMost(PATIENCE).until(PgBouncerOutageTest::isReady);
    }

    @AfterAll
    static void stop() {
        service.close();
        pgbouncer.close();
    }

    private interface Fault {
        void strike() throws Exception;
    }

    @Test
    void nothing_that_was_accepted_is_lost_and_the_service_recovers_by_itself() throws Exception {
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            Thread submitter = new Thread(() -> submitUntil(over, accepted), "submitter-" + i);
            submitters.add(submitter);
            submitter.start();
        }
        try {
            List<Fault> faults = List.of(
                    () -> pgbouncer.cutAll(database.url().database()),
                    PgBouncerOutageTest::endSessions,
                    pgbouncer::reconnect,
                    () -> {
                        pgbouncer.kill();
                        pgbouncer.start();
                    },
                    () -> {
                        pgbouncer.stop();
                        await().until(() -> !isReady());
                        pgbouncer.start();
                    });
            for (Fault fault : faults) {
                int before = accepted.size();
                await().atMost(PATIENCE).until(() -> accepted.size() > before + 50);
                fault.strike();
                int after = accepted.size();
                await().atMost(PATIENCE).until(() -> accepted.size() > after);
            }
        } finally {
            over.set(true);
            for (Thread submitter : submitters) {
                submitter.join();
            }
        }

        await().atMost(PATIENCE).until(PgBouncerOutageTest::isReady);
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (String state : List.of("waiting", "delayed", "active")) {
                assertThat(client.get("/jobs?queue=load&state=" + state)
                                .json(200)
                                .path("jobs"))
                        .isEmpty();
            }
        });
        assertThat(accepted).hasSizeGreaterThan(250).doesNotHaveDuplicates();
        assertThat(completed(accepted)).isEqualTo(accepted.size());
    }

    private static int completed(Collection<String> ids) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                            SELECT count(*) FROM trayb_finished_jobs
                             WHERE state = 'completed' AND id = ANY(CAST(:ids AS uuid[]))
                            """)
                        .bind("ids", SqlArray.of(String.class, List.copyOf(ids)))
                        .mapTo(Integer.class)
                        .one());
    }

    /** Submits short jobs one after the other; what isn't 201 was promised to nobody. */
    private static void submitUntil(AtomicBoolean over, Queue<String> accepted) {
        while (!over.get()) {
            Answer answer = client.post("/jobs", "{'queue':'load','type':'echo','payload':1}");
            if (answer.status() == 201) {
                accepted.add(answer.json(201).path("id").asText());
            } else {
                answer.problem(503);
            }
        }
    }

    /** Postgres ends all sessions of the database but the one that asks for it, as a failover would. */
    private static void endSessions() {
        database.jdbi()
                .useHandle(
                        handle -> handle.createQuery("""
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                             WHERE datname = current_database() AND pid <> pg_backend_pid()
                            """).mapTo(Boolean.class).list());
    }

    @Test
    void while_it_lends_no_connection_a_request_is_refused_within_the_promised_time() throws Exception {
        await().atMost(PATIENCE).until(PgBouncerOutageTest::isReady);
        pgbouncer.pause();
        try {
            long began = System.nanoTime();
            Answer refused = client.post("/jobs", "{'queue':'load','type':'noop'}");

            refused.problem(503);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMISED);
        } finally {
            pgbouncer.resume();
        }
        await().atMost(PROMISED)
                .until(() ->
                        client.post("/jobs", "{'queue':'load','type':'noop'}").status() == 201);
    }

    @Test
    void its_pools_are_among_the_metrics_as_long_as_it_can_be_asked() throws Exception {
        await().atMost(PATIENCE).until(PgBouncerOutageTest::isReady);
        String pool = "\\{pgbouncer=\"[0-9.:]+\",database=\"" + database.url().database() + "\",user=\"postgres\",\\} ";
        awaitMetric("trayb_pgbouncer_active_clients" + pool + "[1-9].*");
        awaitMetric("trayb_pgbouncer_waiting_clients" + pool + "0.0");

        pgbouncer.stop();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metrics())
                        .noneMatch(line -> line.startsWith("trayb_pgbouncer_active_clients{"))
                        .anyMatch(line -> line.startsWith("trayb_pgbouncer_last_success_timestamp_seconds{")));

        pgbouncer.start();

        awaitMetric("trayb_pgbouncer_active_clients" + pool + "[1-9].*");
    }

    private static void awaitMetric(String pattern) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(metrics()).anyMatch(line -> line.matches(pattern)));
    }

    private static List<String> metrics() throws IOException, InterruptedException {
        return get(service.adminPort(), "/metrics").body().lines().toList();
    }

    private static boolean isReady() throws IOException, InterruptedException {
        return get(service.port(), "/readyz").statusCode() == 200;
    }
}
