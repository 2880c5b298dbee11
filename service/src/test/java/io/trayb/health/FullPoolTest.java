package io.trayb.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.trayb.database.DatabaseUrl;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A service all of whose connections are in use: by requests that wait for somebody who has locked the jobs, or by others. */
class FullPoolTest {
    private static final int CONNECTIONS = 2;
    private static final int READERS = 3 * CONNECTIONS;
    private static final String ABSENT = "/jobs/01890000-0000-7000-8000-000000000000";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    @Test
    void a_pool_in_full_use_is_told_to_clients_and_does_not_read_as_a_database_that_is_gone() throws Exception {
        try (TestService service = TestService.start(
                        TestService.outside(database.url(), redis.port(), folder),
                        ConfigOverride.config("database.pool.maxSize", Integer.toString(CONNECTIONS)),
                        ConfigOverride.config("database.pool.borrowTimeout", "200ms"),
                        ConfigOverride.config("database.pool.socketTimeout", "30s"));
                Handle locking = database.jdbi().open()) {
            ServiceClient client = service.client();
            await().until(() -> isReady(service));
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger refused = new AtomicInteger();
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            locking.begin();
            locking.execute("LOCK TABLE trayb_jobs IN ACCESS EXCLUSIVE MODE");
            try {
                // Some get a connection, and wait on it; the others find none.
                for (int i = 0; i < READERS; i++) {
                    readers.add(CompletableFuture.runAsync(() -> readUntil(over, client, refused)));
                }
                await().atMost(PATIENCE).until(() -> refused.get() > 0);

                double before = lastProbe(service);
                int refusedBefore = refused.get();
                await().atMost(PATIENCE).until(() -> lastProbe(service) > before + 1 && refused.get() > refusedBefore);
                assertThat(isReady(service)).isTrue();
            } finally {
                over.set(true);
                locking.rollback();
            }
            readers.forEach(CompletableFuture::join);
        }
    }

    @Test
    void so_it_is_behind_a_pgbouncer_whose_own_pool_is_in_full_use() throws Exception {
        try (TestPgBouncer pgbouncer =
                TestPgBouncer.before(database.url(), "default_pool_size = " + CONNECTIONS, "reserve_pool_size = 0")) {
            DatabaseUrl shared = pgbouncer.through(database.url());
            Map<String, String> variables = new TreeMap<>(TestService.outside(shared, redis.port(), folder));
            variables.put("PROBE_DATABASE", TestPgBouncer.PROBE_DATABASE);
            try (TestService service = TestService.start(variables);
                    PostgresProbe sharing = new PostgresProbe(shared)) {
                await().until(() -> isReady(service));
                sharing.probe();
                List<Connection> holders = new ArrayList<>();
                try {
                    for (int i = 0; i < CONNECTIONS; i++) {
                        holders.add(holdingOne(shared));
                    }
                    await().atMost(PATIENCE)
                            .until(() -> service.client().get(ABSENT).status() == 503);

                    double before = lastProbe(service);
                    await().atMost(PATIENCE).until(() -> lastProbe(service) > before + 1);
                    assertThat(isReady(service)).isTrue();
                    // What the entry of its own is for.
                    assertThatThrownBy(sharing::probe)
                            .isInstanceOf(ProbeFailure.class)
                            .extracting(failure -> ((ProbeFailure) failure).reason())
                            .isEqualTo("it is out of reach, or doesn't answer in time");
                } finally {
                    for (Connection holder : holders) {
                        holder.close();
                    }
                }
            }
        }
    }

    /** A client in a transaction, to which PgBouncer has lent a connection. */
    private static Connection holdingOne(DatabaseUrl url) throws SQLException {
        Connection holder = DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT 1");
        }
        return holder;
    }

    private static void readUntil(AtomicBoolean over, ServiceClient client, AtomicInteger refused) {
        while (!over.get()) {
            Answer answer = client.get(ABSENT);
            if (answer.body().contains("All connections to Postgres are in use")) {
                refused.incrementAndGet();
            }
        }
    }

    private static boolean isReady(TestService service) throws Exception {
        return HttpAnswers.get(service.port(), "/readyz").statusCode() == 200;
    }

    /** When Postgres last answered as it should. */
    private static double lastProbe(TestService service) throws Exception {
        return HttpAnswers.get(service.adminPort(), "/metrics")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("trayb_dependency_last_success_timestamp_seconds{dependency=\"postgres\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
