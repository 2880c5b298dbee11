package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static io.trayb.testing.HttpAnswers.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.trayb.http.StrictJson;
import io.trayb.testing.RawHttp;
import io.trayb.testing.TestDataDir;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        try (TestService service = TestService.start(Map.of("DATA_DIR", dataDir.toString()))) {
            int port = service.port();
            int adminPort = service.adminPort();
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
        }
        assertThat(dataDir.resolve("trayb.json")).doesNotExist();
    }

    @Test
    void on_a_database_that_is_not_migrated_it_says_so_and_is_ready_by_itself_once_it_is() throws Exception {
        DatabaseUrl url = database.url();
        try (TestService service = TestService.start(outside(text(url)))) {
            if (!new Migrations(url).pending().isEmpty()) {
                await().untilAsserted(
                                () -> assertThat(postgresError(service.port())).isEqualTo("not migrated"));
                assertThat(postgresError(service.adminPort()))
                        .startsWith("not migrated: run ./trayb db migrate (missing ");
                assertThat(get(service.port(), "/readyz").statusCode()).isEqualTo(503);
            }

            new Migrations(url).apply();

            await().untilAsserted(() ->
                    assertThat(get(service.port(), "/readyz").statusCode()).isEqualTo(200));
        }
    }

    private static String postgresError(int port) throws Exception {
        return json(get(port, "/readyz"))
                .path("checks")
                .path("postgres")
                .path("error")
                .asText();
    }

    @Test
    void without_postgres_it_starts_lives_and_is_not_ready() throws Exception {
        try (TestService service = TestService.start(outside("postgresql://nobody@127.0.0.1:1/nothing"))) {
            assertThat(get(service.port(), "/healthz").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(json(get(service.port(), "/readyz"))
                                    .path("checks")
                                    .path("postgres")
                                    .path("status")
                                    .asText())
                            .isEqualTo("down"));
            assertThat(get(service.port(), "/readyz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void a_web_page_from_elsewhere_can_neither_operate_nor_read_the_service() throws Exception {
        new Migrations(database.url()).apply();
        try (TestService service = TestService.start(outside(text(database.url())))) {
            int port = service.port();
            int admin = service.adminPort();

            for (String path :
                    new String[] {"POST /api/v1/queues/mail/pause", "GET /healthz", "GET /readyz", "GET /"}) {
                assertThat(RawHttp.send(port, path, "Host: localhost", "Origin: https://evil.example"))
                        .as(path)
                        .startsWith("HTTP/1.1 403");
                assertThat(RawHttp.send(port, path, "Host: evil.example"))
                        .as(path)
                        .startsWith("HTTP/1.1 403");
            }
            for (String path : new String[] {
                "POST /tasks/sse?enabled=false",
                "POST /tasks/gc",
                "GET /metrics",
                "GET /readyz",
                "GET /monitoring/rules.yml"
            }) {
                assertThat(RawHttp.send(admin, path, "Host: localhost", "Origin: https://evil.example"))
                        .as(path)
                        .startsWith("HTTP/1.1 403");
                assertThat(RawHttp.send(admin, path, "Host: evil.example"))
                        .as(path)
                        .startsWith("HTTP/1.1 403");
            }
            assertThat(get(port, "/api/v1/queues").body()).doesNotContain("mail");
            assertThat(get(admin, "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void the_index_of_each_port_names_real_addresses_and_nothing_that_is_not_there() throws Exception {
        new Migrations(database.url()).apply();
        try (TestService service = TestService.start(outside(text(database.url())))) {
            int port = service.port();
            int admin = service.adminPort();
            await().untilAsserted(
                            () -> assertThat(get(port, "/readyz").statusCode()).isEqualTo(200));
            String index = get(port, "/").body();
            String operators = get(admin, "/").body();

            assertThat(index)
                    .contains("'http://127.0.0.1:" + port + "/api/v1/events?topic=jobs'")
                    .contains("href=\"http://127.0.0.1:" + admin + "/\"")
                    .contains("{\"type\":\"sleep\",\"payload\":{\"ms\":5000}}")
                    .doesNotContain("localhost", ":8080", ":8081");
            assertThat(operators)
                    .contains("/metrics", "/monitoring/rules.yml", "/monitoring/dashboards/trayb-jobs.json")
                    .contains("href=\"http://127.0.0.1:" + port + "/\"")
                    .doesNotContain("localhost", ":8080", ":8081");
            assertThat(everyLinkOf(index, port)).hasSizeGreaterThan(4).allMatch(TraybServiceTest::isThere);
            assertThat(everyLinkOf(operators, admin)).hasSizeGreaterThan(10).allMatch(TraybServiceTest::isThere);
            Matcher tasks = Pattern.compile("POST (/tasks/[^<]+)").matcher(operators);
            assertThat(tasks.results().map(task -> task.group(1).replace("&amp;", "&")))
                    .hasSize(3)
                    .allSatisfy(task -> assertThat(post(admin, task, "").statusCode())
                            .as(task)
                            .isEqualTo(200));
            assertThat(RawHttp.send(port, "GET /", "Host: localhost:" + port))
                    .contains("curl -N 'http://localhost:" + port + "/api");
        }
    }

    private static List<URI> everyLinkOf(String page, int port) {
        return Pattern.compile("href=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(link -> URI.create("http://127.0.0.1:" + port + "/").resolve(link.group(1)))
                .toList();
    }

    private static boolean isThere(URI link) {
        try {
            return get(link.getPort(), link.getPath()).statusCode() == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void a_batch_may_be_sixteen_mebibytes_and_every_other_body_one() throws Exception {
        new Migrations(database.url()).apply();
        try (TestService service = TestService.start(outside(text(database.url())))) {
            int port = service.port();
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
        }
    }

    @Test
    void a_stop_while_redis_is_away_does_not_sign_off_so_that_others_tell_what_was_lost() throws Exception {
        new Migrations(database.url()).apply();
        try (TestRedis away = TestRedis.own()) {
            try (TestService service = TestService.start(outside(text(database.url()), away))) {
                int port = service.port();
                await().untilAsserted(() ->
                        assertThat(get(port, "/readyz").statusCode()).isEqualTo(200));
                assertThat(processes()).isEqualTo(1);
                away.stop();
                assertThat(post(port, "/api/v1/jobs", "{\"type\":\"noop\"}").statusCode())
                        .isEqualTo(201);
            }
            assertThat(processes()).isEqualTo(1);
            away.start();
        } finally {
            database.jdbi().useHandle(handle -> handle.execute("TRUNCATE trayb_processes"));
        }
    }

    @Test
    void a_stop_in_good_order_publishes_all_and_then_signs_off() throws Exception {
        new Migrations(database.url()).apply();
        try (TestService service = TestService.start(outside(text(database.url())))) {
            int port = service.port();
            await().untilAsserted(
                            () -> assertThat(get(port, "/readyz").statusCode()).isEqualTo(200));
            assertThat(processes()).isEqualTo(1);
            assertThat(post(port, "/api/v1/jobs", "{\"type\":\"sleep\",\"payload\":{\"ms\":1000}}")
                            .statusCode())
                    .isEqualTo(201);
        }
        assertThat(processes()).isZero();
        assertThat(redis.client()
                        .xrevrange("{trayb}:events", "+", "-", 1)
                        .get(0)
                        .getFields())
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

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return StrictJson.newMapper().readTree(response.body());
    }
}
