package io.trayb.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A service all of whose connections wait for somebody who has locked the jobs. */
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
