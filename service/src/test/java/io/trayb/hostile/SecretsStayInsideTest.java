package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.trayb.keys.KeyText;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestDataDir;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Keys, tickets, passwords and the secrets of calls are in no line of the log, however much is logged, in no error and no metric. */
class SecretsStayInsideTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final String HOOK = "hook-secret-7Yq2";

    @TempDir
    Path temporary;

    @Test
    void nothing_secret_comes_out_of_a_service_that_logs_all_that_it_can() throws Exception {
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("a key", TestKeys.create(database, "sweeper", "*", EnumSet.allOf(Scope.class)));
        secrets.put("a revoked key", TestKeys.create(database, "gone", "*", EnumSet.allOf(Scope.class)));
        TestKeys.store(database).revoke("gone", "test");
        secrets.put("an unknown key", KeyText.generate(new SecureRandom()).reveal());
        secrets.put("a secret of the http type", HOOK);
        secrets.put("Postgres' password", "pg-secret-4Kx9");
        secrets.put("the password of PgBouncer's console", "bouncer-secret-8Lm3");
        Path hooks = Files.createDirectories(temporary.resolve("secrets/127.0.0.1"));
        Files.writeString(hooks.resolve("hook"), HOOK);
        Path log = temporary.resolve("service.log");
        StringBuilder answers = new StringBuilder();

        HttpServer hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/", exchange -> {
            byte[] body = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        hook.start();
        Path dataDir = TestDataDir.in(temporary.resolve("data"));
        Map<String, String> variables = new TreeMap<>(TestService.outside(database.url(), redis.port(), dataDir));
        // Test servers take any password.
        variables.put(
                "DATABASE_URL",
                "postgresql://" + database.url().user() + ":pg-secret-4Kx9@"
                        + database.url().hosts() + "/" + database.url().database());
        variables.put(
                "PGBOUNCER_URL",
                "postgresql://stats:bouncer-secret-8Lm3@" + database.url().hosts() + "/pgbouncer");
        variables.put("LOG_LEVEL", "TRACE");
        variables.put("HTTP_JOB_ALLOW", "127.0.0.1");
        variables.put("HTTP_JOB_SECRETS", temporary.resolve("secrets").toString());
        try (ServiceProcess service =
                ServiceProcess.start(dataDir, log, variables).awaitReady()) {
            ServiceClient client = service.client().with(secrets.get("a key"));
            await().until(() -> client.get("/queues").status() == 200);

            for (String way : List.of("a key", "a revoked key", "an unknown key")) {
                String key = secrets.get(way);
                answers.append(inAllWrongPlaces(service.port(), key));
                answers.append(inAllWrongPlaces(service.port(), key.substring(0, key.length() - 1) + "_"));
            }
            String ticket = client.post("/events/tickets", "{'topics':['jobs']}")
                    .json(201)
                    .path("ticket")
                    .asText();
            secrets.put("a ticket", ticket);
            ServiceClient anybody = service.client();
            answers.append(anybody.get("/events/poll?topic=queue:other&ticket=" + ticket)
                    .body());
            answers.append(anybody.get("/events/poll?ticket=" + ticket).body());
            String second = client.post("/events/tickets", "{'topics':['jobs']}")
                    .json(201)
                    .path("ticket")
                    .asText();
            secrets.put("another ticket", second);
            answers.append(anybody.get("/events/poll?ticket=" + second).body());
            answers.append(anybody.get("/events/poll?ticket=" + second).body());
            String made = client.post("/keys", "{'name':'made','scopes':['read']}")
                    .json(201)
                    .path("key")
                    .asText();
            secrets.put("a key made over HTTP", made);
            answers.append(
                    service.client().with(made).post("/jobs", "{'type':'noop'}").body());
            answers.append(client.get("/keys").body());
            answers.append(client.delete("/keys/made").body());

            String called = client.submit("{'type':'http','payload':{'url':'http://127.0.0.1:"
                    + hook.getAddress().getPort() + "/','headers':{'Authorization':'Bearer ${secret:hook}'}}}");
            assertThat(client.awaitState(called, "completed")
                            .path("result")
                            .path("body")
                            .asText())
                    .isEqualTo("Bearer ***");
            answers.append(client.job(called));
            answers.append(client.get("/jobs").body());

            int admin = ServiceClient.parse(Files.readString(dataDir.resolve("trayb.json")))
                    .path("adminPort")
                    .asInt();
            for (String path :
                    List.of("/metrics", "/readyz", "/healthz", "/", "/monitoring/thresholds.json", "/threads")) {
                answers.append(HttpAnswers.get(admin, path).body());
            }
        } finally {
            hook.stop(0);
        }

        String logged = Files.readString(log);
        assertThat(logged).as("it did log all that it can").contains(" DEBUG ");
        secrets.forEach((what, secret) -> {
            // What is left of a key without its prefix, its public id and its sum is secret as well.
            String core = KeyText.FORM.matcher(secret).matches() ? secret.substring(22, 60) : secret;
            assertThat(logged).as("%s in the log", what).doesNotContain(core);
            assertThat(answers).as("%s in what was answered", what).doesNotContain(core);
        });
    }

    /** Everything that is answered to a key in the header, in the URL, as another scheme, doubled, and in what isn't for it. */
    private static String inAllWrongPlaces(int port, String key) throws Exception {
        StringBuilder answers = new StringBuilder();
        String basic = Base64.getEncoder().encodeToString(("user:" + key).getBytes(StandardCharsets.US_ASCII));
        for (String header : List.of("Bearer " + key, "bearer " + key + " x", "Basic " + basic, "Token " + key, key)) {
            for (String path : List.of(
                    "/queues",
                    "/jobs?key=" + key,
                    "/jobs?cursor=" + key,
                    "/jobs/none",
                    "/nothing/here",
                    "/events?topic=" + key)) {
                HttpResponse<String> answer = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                                        .header("Authorization", header)
                                        .header("X-Request-Id", key)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                // What was sent in a parameter is said back in the field's error, to the sender alone.
                if (!path.contains(key)) {
                    answers.append(answer.headers()).append(answer.body());
                }
            }
        }
        // Calls that operate, which the audit log has with their path. What is said back of it is for the sender alone.
        for (String written : List.of(key, "%74" + key.substring(1), key.replace("_", "%5F"))) {
            for (String id : List.of(key, "id:" + key)) {
                HttpResponse<String> answer = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + port + "/api/v1/keys/" + written))
                                        .DELETE()
                                        .header("Authorization", "Bearer " + key)
                                        .header("X-Request-Id", id)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                answers.append(answer.headers());
            }
        }
        return answers.toString();
    }
}
