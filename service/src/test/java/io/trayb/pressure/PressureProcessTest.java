package io.trayb.pressure;

import static io.trayb.testing.HttpAnswers.get;
import static io.trayb.testing.HttpAnswers.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.safety.TestClasses;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process that is really stopped, one that really collects garbage for long, and one that is really filled. */
class PressureProcessTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    private ServiceProcess start(String... settings) throws Exception {
        return startWith("-Xmx300m", settings);
    }

    private ServiceProcess startWith(String javaOptions, String... settings) throws Exception {
        Map<String, String> variables =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), folder.resolve("data")));
        variables.put("JAVA_TOOL_OPTIONS", javaOptions);
        return ServiceProcess.start(
                        List.of(TestClasses.handler(folder.resolve("classes"), HoardingHandler.class)),
                        folder.resolve("data"),
                        folder.resolve("log"),
                        variables,
                        settings)
                .awaitReady();
    }

    @Test
    void a_process_that_stood_still_refuses_for_a_second_what_came_meanwhile_and_then_takes_requests_again()
            throws Exception {
        try (ServiceProcess service = start()) {
            ServiceClient client = service.client();
            client.get("/queues").json(200);

            service.freeze();
            CompletableFuture<Answer> meanwhile = CompletableFuture.supplyAsync(() -> client.get("/queues"));
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            service.thaw();

            assertThat(meanwhile.get().problem(503).path("detail").asText()).contains("wait too long for a thread");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> client.get("/queues").status() == 200);
            await().until(() -> Files.readString(folder.resolve("log")).contains("This process takes requests again"));
            assertThat(Files.readString(folder.resolve("log")))
                    .contains("has more to do than it can, and refuses requests");
        }
    }

    @Test
    void a_process_that_collects_garbage_for_long_refuses_requests_until_it_is_over() throws Exception {
        Path until = folder.resolve("enough");
        // A collector that stops everything, and millions of small things to look at: a quarter of a second each time,
        // at least.
        try (ServiceProcess service =
                startWith("-Xmx400m -XX:+UseSerialGC", "thresholds.pressureDelaySeconds=0.1", "jobs.concurrency=1")) {
            ServiceClient client = service.client();
            // So short a delay is nothing unusual for a process that has just begun.
            String job = await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(
                            () -> client.submit("{'type':'pressure.hoard','payload':{'mib':160,'pieceBytes':8,'until':'"
                                    + until + "'}}"),
                            submitted -> true);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(client.get("/jobs/" + job).body())
                            .as(Files.readString(folder.resolve("log")))
                            .contains("\"state\":\"active\""));

            int admin = service.adminPort();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                post(admin, "/tasks/gc", "");
                return client.get("/queues").body().contains("wait too long for a thread");
            });

            Files.createFile(until);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.get("/queues").status() == 200);
            assertThat(Files.readString(folder.resolve("log")))
                    .contains("has more to do than it can, and refuses requests")
                    .contains("reasons=[delay]");
        }
    }

    @Test
    void a_process_that_is_full_refuses_requests_while_streams_and_health_checks_go_on_and_recovers_by_itself()
            throws Exception {
        Path until = folder.resolve("enough");
        // 150 MiB of 300 must be free, so that the test fills it without ending it.
        try (ServiceProcess service =
                start("thresholds.pressureHeapFreeShare=0.5", "events.heartbeat=500ms", "jobs.concurrency=1")) {
            ServiceClient client = service.client();
            List<String> told = follow(service.port());
            String job = client.submit("{'type':'pressure.hoard','payload':{'mib':150,'until':'" + until + "'}}");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.get("/queues").body().contains("it has too little memory"));

            assertThat(client.get(STREAM.substring("/api/v1".length())).status())
                    .isEqualTo(503);
            assertThat(get(service.port(), "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(service.port(), "/readyz").body()).contains("\"reasons\":[\"heap\"]");

            int before = told.size();
            await().until(() -> told.size() > before);
            assertThat(client.get("/queues").status()).isEqualTo(503);

            Files.createFile(until);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.get("/queues").status() == 200);
            client.awaitState(job, "completed");
            await().until(() -> told.contains("event: job.completed"));
        }
    }

    /** The lines of an event stream, as they come. */
    private static List<String> follow(int port) {
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<?> unused = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + STREAM))
                                .build(),
                        HttpResponse.BodyHandlers.fromLineSubscriber(new LineCollector(lines)));
        await().until(() -> !lines.isEmpty());
        return lines;
    }

    /** Takes whatever comes. */
    private record LineCollector(List<String> lines) implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            lines.add(line);
        }

        @Override
        public void onError(Throwable failure) {
            lines.add(failure.toString());
        }

        @Override
        public void onComplete() {
            lines.add("end");
        }
    }
}
