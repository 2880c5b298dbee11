package io.trayb.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import io.trayb.database.Database;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedEngines;
import io.trayb.http.ExceptionProblems;
import io.trayb.redis.RedisConfiguration;
import io.trayb.redis.RedisConnections;
import io.trayb.testing.TestDataDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against engines of its own, since they are frozen and broken here. */
class ReadinessTest {
    @TempDir
    static Path temporary;

    private static Path dataDir;
    private static EmbeddedEngines engines;

    private final AtomicBoolean workerAlive = new AtomicBoolean(true);
    private final Map<String, Boolean> observed = new ConcurrentHashMap<>();
    private Readiness readiness;

    @BeforeAll
    static void startEngines() {
        dataDir = TestDataDir.in(temporary);
        engines = EmbeddedEngines.prepare(DataDirectory.at(dataDir), true, true);
        engines.start();
    }

    @AfterAll
    static void stopEngines() {
        engines.stop();
    }

    @BeforeEach
    void start() {
        readiness = readiness(ReadinessConfiguration.DEFAULT);
        readiness.start();
    }

    @AfterEach
    void stop() throws Exception {
        readiness.stop();
    }

    @Test
    void it_is_not_ready_while_starting_and_while_draining() {
        awaitAllUp();
        assertThat(readiness.answer().reason()).isEqualTo("starting");
        assertThat(readiness.isReady()).isFalse();

        readiness.lifeCycleStarted(new Server());
        assertThat(readiness.isReady()).isTrue();

        readiness.drain();
        assertThat(readiness.answer().reason()).isEqualTo("draining");
        assertThat(readiness.isReady()).isFalse();
    }

    @Test
    void a_frozen_postgres_is_down_within_five_seconds_and_a_query_gets_503_within_five_too() throws Exception {
        serving();
        Database database =
                new Database(engines.databaseUrl(), DatabaseConfiguration.DEFAULT.pool(), new MetricRegistry());
        database.start();
        ask(database.jdbi());
        List<Long> processes = postgresProcesses();
        try {
            signal("STOP", processes);
            long began = System.nanoTime();
            ExceptionProblems problems = new ExceptionProblems(UUID::randomUUID);
            Throwable thrown = catchThrowable(() -> ask(database.jdbi()));

            assertThat(problems.of(thrown).problem().status()).isEqualTo(503);
            assertThat(java.time.Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(java.time.Duration.ofSeconds(5));
            awaitDown("postgres");
        } finally {
            signal("CONT", processes);
        }
        await().atMost(java.time.Duration.ofSeconds(10)).until(readiness::isReady);
        ask(database.jdbi());
        database.stop();
    }

    @Test
    void a_frozen_redis_is_down_within_five_seconds_and_back_by_itself() throws Exception {
        serving();
        List<Long> processes = List.of(pid("redis/redis.pid"));
        try {
            signal("STOP", processes);
            awaitDown("redis");
        } finally {
            signal("CONT", processes);
        }
        await().atMost(java.time.Duration.ofSeconds(10)).until(readiness::isReady);
    }

    @Test
    void a_worker_that_is_not_alive_is_shown_with_its_sentence() {
        serving();

        workerAlive.set(false);

        awaitDown("queue");
        assertThat(readiness.error("queue")).hasValue("no worker is alive");
    }

    @Test
    void a_dependency_that_is_not_critical_is_shown_and_not_counted() throws Exception {
        Readiness lenient = readiness(new ReadinessConfiguration(
                Set.of("postgres"), Duration.seconds(1), Duration.seconds(3), Map.of(), Duration.seconds(0)));
        workerAlive.set(false);
        lenient.start();
        lenient.lifeCycleStarted(new Server());

        await().until(lenient::isReady);
        assertThat(((Check.Shown) lenient.answer().checks().get("queue")).status())
                .isEqualTo("down");
        lenient.stop();
    }

    @Test
    void however_often_it_is_asked_a_dependency_is_probed_in_its_own_time_and_by_one_probe_at_once() throws Exception {
        AtomicInteger probed = new AtomicInteger();
        BooleanSupplier counting = () -> probed.incrementAndGet() > 0;
        Readiness asked = new Readiness(
                List.of(Probe.of("queue", counting, "it always is")),
                new ReadinessConfiguration(
                        Set.of("queue"), Duration.seconds(10), Duration.seconds(60), Map.of(), Duration.seconds(0)),
                (dependency, up, latency) -> {},
                () -> "ok",
                System::nanoTime);
        assertThat(((Check.Shown) asked.answer().checks().get("queue")).status())
                .isEqualTo("unknown");
        asked.lifeCycleStarted(new Server());
        assertThat(asked.isReady()).isFalse();

        asked.start();
        await().until(asked::isReady);
        for (int i = 0; i < 10_000; i++) {
            asked.answer();
        }

        assertThat(probed).hasValue(1);
        asked.stop();
    }

    @Test
    void a_read_only_postgres_is_down() throws Exception {
        serving();
        Jdbi superuser = Jdbi.create(
                engines.databaseUrl().jdbcUrl(),
                engines.databaseUrl().user(),
                engines.databaseUrl().password());
        String kick = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trayb-health'";
        superuser.useHandle(handle -> handle.execute("ALTER DATABASE trayb SET default_transaction_read_only = on"));
        superuser.useHandle(handle -> handle.execute(kick));
        try {
            await().atMost(java.time.Duration.ofSeconds(5))
                    .until(() -> readiness.error("postgres").orElse("").startsWith("read-only"));
        } finally {
            superuser.useHandle(handle -> {
                handle.execute("SET default_transaction_read_only = off");
                handle.execute("ALTER DATABASE trayb RESET default_transaction_read_only");
                handle.execute(kick);
            });
        }
        await().atMost(java.time.Duration.ofSeconds(10)).until(readiness::isReady);
    }

    private void serving() {
        readiness.lifeCycleStarted(new Server());
        await().until(readiness::isReady);
    }

    private void awaitAllUp() {
        await().until(() -> observed.equals(Map.of("postgres", true, "redis", true, "queue", true)));
    }

    private void awaitDown(String dependency) {
        await().atMost(java.time.Duration.ofSeconds(5))
                .until(() -> !readiness.isReady() && readiness.error(dependency).isPresent());
    }

    private Readiness readiness(ReadinessConfiguration configuration) {
        RedisConnections redis = new RedisConnections(engines.redisUrl(), RedisConfiguration.DEFAULT);
        List<Probe> probes = List.of(
                new PostgresProbe(engines.databaseUrl()),
                new RedisProbe(redis),
                Probe.of("queue", workerAlive::get, "no worker is alive"));
        return new Readiness(
                probes,
                configuration,
                (dependency, up, latency) -> observed.put(dependency, up),
                () -> "ok",
                System::nanoTime);
    }

    private static void ask(Jdbi jdbi) {
        jdbi.useHandle(handle -> handle.execute("SELECT 1"));
    }

    /** The postmaster and everything that it has started. */
    private static List<Long> postgresProcesses() throws Exception {
        ProcessHandle postmaster =
                ProcessHandle.of(pid("postgres/postmaster.pid")).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private static long pid(String file) throws Exception {
        return Long.parseLong(Files.readAllLines(dataDir.resolve(file)).get(0).strip());
    }

    private static void signal(String signal, List<Long> pids) throws Exception {
        for (long pid : pids) {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .start()
                    .waitFor();
        }
    }
}
