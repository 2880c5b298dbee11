package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.testing.ConfigOverride;
import io.trayb.events.SseReader;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceProcess;
import io.trayb.testing.TestDataDir;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a process is killed in the middle of its work: everything. */
class CrashTest {
    private static final String[] SHORT_LEASE = {"jobs.lease=2s", "jobs.beat=500ms"};

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path temporary;

    /** At each run SafetyTest has processes killed in the middle of more than that. */
    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void a_kill_in_the_middle_of_a_hundred_jobs_loses_none_of_them_and_nothing_that_was_accepted_meanwhile()
            throws Exception {
        Path dataDir = TestDataDir.in(temporary);
        ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
        try (ServiceProcess first = ServiceProcess.start(dataDir, log("first"), Map.of(), SHORT_LEASE)) {
            ServiceClient client = first.awaitReady().client();
            accepted.addAll(hundredJobs(client));
            CompletableFuture<Void> submitter = CompletableFuture.runAsync(() -> submitUntilItDies(client, accepted));
            await().until(() -> completed(client) >= 30 && accepted.size() > 110);

            first.kill();

            submitter.get(30, TimeUnit.SECONDS);
        }
        try (ServiceProcess second = ServiceProcess.start(dataDir, log("second"), Map.of(), SHORT_LEASE)) {
            ServiceClient client = second.awaitReady().client();

            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        JsonNode queue = client.queue("default");
                        assertThat(queue.path("waiting").asInt()
                                        + queue.path("delayed").asInt()
                                        + queue.path("active").asInt())
                                .as(queue.toString())
                                .isZero();
                    });
            assertThat(accepted)
                    .allSatisfy(id ->
                            assertThat(client.job(id).path("state").asText()).isEqualTo("completed"));
        }
    }

    @Test
    void the_jobs_of_a_killed_node_run_on_another_and_every_stream_is_told_of_its_loss() throws Exception {
        Map<String, String> here = node("here");
        try (TestService survivor = TestService.start(
                        here, ConfigOverride.config("jobs.lease", "2s"), ConfigOverride.config("jobs.beat", "500ms"));
                ServiceProcess victim =
                        ServiceProcess.start(directory("there"), log("victim"), node("there"), SHORT_LEASE);
                SseReader stream = SseReader.open(survivor.port(), "/api/v1/events?topic=jobs")) {
            victim.awaitReady();
            ServiceClient client = survivor.client();
            List<String> ids = client.post("/jobs/batch", batch(4, "{'type':'sleep','payload':{'ms':3000}}"))
                    .json(201)
                    .path("jobs")
                    .findValuesAsText("id");
            await().until(() -> startedBy(stream, victim.pid()).size() == 2);
            List<String> lost = startedBy(stream, victim.pid());

            victim.kill();

            for (String id : ids) {
                JsonNode job = client.awaitState(id, "completed");
                assertThat(job.path("attempt").asInt()).isEqualTo(lost.contains(id) ? 2 : 1);
            }
            await().untilAsserted(() -> assertThat(stream.gaps())
                    .map(SseReader.Block::data)
                    .contains("{\"reason\":\"node-lost\",\"dropped\":null}"));
            assertThat(stream.events())
                    .filteredOn(block -> block.data().contains("\"reason\":\"lease-lost\""))
                    .map(block ->
                            ServiceClient.parse(block.data()).path("jobId").asText())
                    .containsExactlyInAnyOrderElementsOf(lost);
        }
    }

    @Test
    void a_kill_in_the_middle_of_schedules_that_run_each_second_leaves_no_tick_twice() throws Exception {
        Path dataDir = TestDataDir.in(temporary);
        Map<String, Instant> starts = new TreeMap<>();
        try (ServiceProcess first = ServiceProcess.start(dataDir, log("first"), Map.of(), SHORT_LEASE)) {
            ServiceClient client = first.awaitReady().client();
            for (int i = 0; i < 30; i++) {
                starts.put("tick-" + i, addEverySecond(client, "tick-" + i));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> scheduled(client).size() > 90);

            first.kill();
        }
        try (ServiceProcess second = ServiceProcess.start(dataDir, log("second"), Map.of(), SHORT_LEASE)) {
            ServiceClient client = second.awaitReady().client();
            int before = scheduled(client).size();
            await().atMost(Duration.ofSeconds(30)).until(() -> scheduled(client).size() > before + 30);
            starts.keySet().forEach(name -> client.delete("/schedules/" + name));

            assertThat(scheduled(client))
                    .extracting(job -> tick(job, starts))
                    .hasSizeGreaterThan(120)
                    .doesNotHaveDuplicates();
        }
    }

    private static Instant addEverySecond(ServiceClient client, String name) {
        String body = "{'name':'%s','intervalMs':1000,'job':{'type':'noop','queue':'%s'}}".formatted(name, name);
        return Instant.parse(
                client.post("/schedules", body).json(201).path("createdAt").asText());
    }

    private static List<JsonNode> scheduled(ServiceClient client) {
        List<JsonNode> jobs = new ArrayList<>();
        client.get("/jobs?limit=500&type=noop").json(200).path("jobs").forEach(jobs::add);
        return jobs;
    }

    /** Which tick of which schedule a job is of: a run is for the latest one. */
    private static String tick(JsonNode job, Map<String, Instant> starts) {
        String schedule = job.path("queue").asText();
        Instant start = Objects.requireNonNull(starts.get(schedule));
        Instant createdAt = Instant.parse(job.path("createdAt").asText());
        return schedule + " " + Duration.between(start, createdAt).toSeconds();
    }

    private static List<String> hundredJobs(ServiceClient client) {
        return client.post("/jobs/batch", batch(100, "{'type':'sleep','payload':{'ms':100}}"))
                .json(201)
                .path("jobs")
                .findValuesAsText("id");
    }

    private static String batch(int jobs, String job) {
        return "{'jobs':[" + String.join(",", Collections.nCopies(jobs, job)) + "]}";
    }

    private static void submitUntilItDies(ServiceClient client, ConcurrentLinkedQueue<String> accepted) {
        try {
            while (true) {
                accepted.add(client.submit("{'type':'echo','payload':1}"));
            }
        } catch (UncheckedIOException e) {
            // The connection broke: this one was not accepted, and no promise was made about it.
        }
    }

    private static int completed(ServiceClient client) {
        return client.get("/jobs?state=completed&type=sleep&limit=500")
                .json(200)
                .path("jobs")
                .size();
    }

    private static List<String> startedBy(SseReader stream, long pid) {
        return stream.events().stream()
                .filter(block -> block.event().equals("job.active"))
                .map(block -> ServiceClient.parse(block.data()))
                .filter(event -> event.path("worker").asText().endsWith(":" + pid))
                .map(event -> event.path("jobId").asText())
                .toList();
    }

    private Map<String, String> node(String name) {
        Map<String, String> variables =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), directory(name)));
        variables.put("JOB_CONCURRENCY", "2");
        return variables;
    }

    private Path directory(String name) {
        return temporary.resolve(name);
    }

    private Path log(String name) {
        return temporary.resolve(name + ".log");
    }
}
