package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static io.trayb.testing.HttpAnswers.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.Application;
import io.dropwizard.testing.DropwizardTestSupport;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.trayb.http.StrictJson;
import io.trayb.testing.TestDataDir;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole service in this JVM, from the shipped config.yml. */
class TraybServiceTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    @Test
    void without_urls_it_comes_up_on_engines_of_its_own_and_says_where_it_is() throws Exception {
        Path dataDir = TestDataDir.in(temporary);
        DropwizardTestSupport<TraybConfiguration> service = service(Map.of("DATA_DIR", dataDir.toString()));
        service.before();
        try {
            int port = service.getLocalPort();
            int adminPort = service.getAdminPort();
            JsonNode place = StrictJson.newMapper()
                    .readTree(dataDir.resolve("trayb.json").toFile());

            assertThat(place.toString())
                    .isEqualTo("{\"pid\":%d,\"port\":%d,\"adminPort\":%d}"
                            .formatted(ProcessHandle.current().pid(), port, adminPort));
            for (int each : new int[] {port, adminPort}) {
                await().untilAsserted(() ->
                        assertThat(get(each, "/readyz").statusCode()).isEqualTo(200));
                assertThat(json(get(each, "/healthz")).path("status").asText()).isEqualTo("ok");
            }
            assertThat(json(get(port, "/readyz"))
                            .path("checks")
                            .path("postgres")
                            .path("latencyMs")
                            .isIntegralNumber())
                    .isTrue();
            HttpResponse<String> page = get(port, "/");
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
            assertThat(page.body()).contains("/api/v1/jobs").doesNotContain("http://cdn", "<script", "https://");
            assertThat(get(port, "/nothing").headers().firstValue("Content-Type"))
                    .hasValue("application/problem+json");
        } finally {
            service.after();
        }
        assertThat(dataDir.resolve("trayb.json")).doesNotExist();
    }

    @Test
    void on_a_database_that_is_not_migrated_it_says_so_and_is_ready_by_itself_once_it_is() throws Exception {
        DatabaseUrl url = database.url();
        DropwizardTestSupport<TraybConfiguration> service = service(outside(text(url)));
        service.before();
        try {
            if (!new Migrations(url).pending().isEmpty()) {
                await().untilAsserted(() -> assertThat(json(get(service.getLocalPort(), "/readyz"))
                                .path("checks")
                                .path("postgres")
                                .path("error")
                                .asText())
                        .startsWith("not migrated: run ./trayb db migrate"));
                assertThat(get(service.getLocalPort(), "/readyz").statusCode()).isEqualTo(503);
            }

            new Migrations(url).apply();

            await().untilAsserted(() -> assertThat(
                            get(service.getLocalPort(), "/readyz").statusCode())
                    .isEqualTo(200));
        } finally {
            service.after();
        }
    }

    @Test
    void without_postgres_it_starts_lives_and_is_not_ready() throws Exception {
        DropwizardTestSupport<TraybConfiguration> service = service(outside("postgresql://nobody@127.0.0.1:1/nothing"));
        service.before();
        try {
            assertThat(get(service.getLocalPort(), "/healthz").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(json(get(service.getLocalPort(), "/readyz"))
                                    .path("checks")
                                    .path("postgres")
                                    .path("status")
                                    .asText())
                            .isEqualTo("down"));
            assertThat(get(service.getLocalPort(), "/readyz").statusCode()).isEqualTo(503);
        } finally {
            service.after();
        }
    }

    @Test
    void a_batch_may_be_sixteen_mebibytes_and_every_other_body_one() throws Exception {
        new Migrations(database.url()).apply();
        DropwizardTestSupport<TraybConfiguration> service = service(outside(text(database.url())));
        service.before();
        try {
            int port = service.getLocalPort();
            String job = "{\"type\":\"noop\"}";
            String batch = "{\"jobs\":[" + job + "]}";

            assertThat(post(port, "/api/v1/jobs", job + " ".repeat(1024 * 1024)).statusCode())
                    .isEqualTo(413);
            assertThat(post(port, "/api/v1/jobs/batch", batch + " ".repeat(2 * 1024 * 1024))
                            .statusCode())
                    .isEqualTo(201);
            assertThat(post(port, "/api/v1/jobs/batch", batch + " ".repeat(16 * 1024 * 1024))
                            .statusCode())
                    .isEqualTo(413);
        } finally {
            service.after();
        }
    }

    @Test
    void a_stop_while_redis_is_away_does_not_sign_off_so_that_others_tell_what_was_lost() throws Exception {
        new Migrations(database.url()).apply();
        try (TestRedis away = TestRedis.own()) {
            DropwizardTestSupport<TraybConfiguration> service = service(outside(text(database.url()), away));
            service.before();
            boolean stopped = false;
            try {
                int port = service.getLocalPort();
                await().untilAsserted(() ->
                        assertThat(get(port, "/readyz").statusCode()).isEqualTo(200));
                assertThat(processes()).isEqualTo(1);
                away.stop();
                assertThat(post(port, "/api/v1/jobs", "{\"type\":\"noop\"}").statusCode())
                        .isEqualTo(201);

                service.after();
                stopped = true;

                assertThat(processes()).isEqualTo(1);
            } finally {
                if (!stopped) {
                    service.after();
                }
                away.start();
            }
        } finally {
            database.jdbi().useHandle(handle -> handle.execute("TRUNCATE trayb_processes"));
        }
    }

    @Test
    void a_stop_in_good_order_publishes_all_and_then_signs_off() throws Exception {
        new Migrations(database.url()).apply();
        DropwizardTestSupport<TraybConfiguration> service = service(outside(text(database.url())));
        service.before();
        try {
            int port = service.getLocalPort();
            await().untilAsserted(
                            () -> assertThat(get(port, "/readyz").statusCode()).isEqualTo(200));
            assertThat(processes()).isEqualTo(1);
            assertThat(post(port, "/api/v1/jobs", "{\"type\":\"sleep\",\"payload\":{\"ms\":1000}}")
                            .statusCode())
                    .isEqualTo(201);
        } finally {
            service.after();
        }
        assertThat(processes()).isZero();
        assertThat(redis.client().xrevrange("{trayb}:events", "+", "-", 1).get(0).getFields())
                .containsEntry("name", "job.completed");
    }

    private static long processes() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_processes")
                        .mapTo(Long.class)
                        .one());
    }

    private Map<String, String> outside(String databaseUrl) {
        return outside(databaseUrl, redis);
    }

    private Map<String, String> outside(String databaseUrl, TestRedis itsRedis) {
        return Map.of(
                "DATABASE_URL", databaseUrl,
                "REDIS_URL", itsRedis.url(),
                "DATA_DIR", temporary.resolve("outside").toString());
    }

    private static String text(DatabaseUrl url) {
        return "postgresql://" + url.user() + "@" + url.hosts() + "/" + url.database();
    }

    private static DropwizardTestSupport<TraybConfiguration> service(Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(Map.of("PORT", "0", "ADMIN_PORT", "0", "LOG_LEVEL", "WARN"));
        all.putAll(variables);
        return new DropwizardTestSupport<>(TraybApplication.class, "../config.yml") {
            @Override
            public Application<TraybConfiguration> newApplication() {
                return new TraybApplication(all);
            }
        };
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return StrictJson.newMapper().readTree(response.body());
    }
}
