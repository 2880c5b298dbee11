package io.trayb.jobs.api;

import static io.trayb.testing.ServiceClient.freshQueue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules: added, shown, replaced, removed, and run. */
class ScheduleContractTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private static final String NOOP = "{'type':'noop'}";

    private final String name = "s-" + UUID.randomUUID();
    private ServiceClient client;

    @BeforeEach
    void connect() {
        client = service.client();
    }

    @Test
    void a_new_schedule_has_the_defaults_a_location_and_its_next_run() {
        ServiceClient.Answer answer = add("'cron':'30 2 * * *','job':{'type':'noop'}");

        JsonNode schedule = answer.json(201);
        assertThat(answer.header("Location")).endsWith("/api/v1/schedules/" + name);
        List<String> fields = new ArrayList<>();
        schedule.fieldNames().forEachRemaining(fields::add);
        assertThat(fields)
                .containsExactly(
                        "name",
                        "cron",
                        "intervalMs",
                        "timeZone",
                        "missedRuns",
                        "enabled",
                        "job",
                        "nextRunAt",
                        "lastRunAt",
                        "lastJobId",
                        "createdAt");
        assertThat(schedule.path("name").asText()).isEqualTo(name);
        assertThat(schedule.path("cron").asText()).isEqualTo("30 2 * * *");
        assertThat(schedule.path("intervalMs").isNull()).isTrue();
        assertThat(schedule.path("timeZone").asText()).isEqualTo("UTC");
        assertThat(schedule.path("missedRuns").asText()).isEqualTo("skip");
        assertThat(schedule.path("enabled").asBoolean()).isTrue();
        assertThat(schedule.path("lastRunAt").isNull()).isTrue();
        assertThat(schedule.path("lastJobId").isNull()).isTrue();
        assertThat(schedule.path("nextRunAt").asText()).endsWith("T02:30:00.000Z");
        assertThat(schedule.path("job"))
                .isEqualTo(ServiceClient.parse(
                        "{\"queue\":\"default\",\"type\":\"noop\",\"payload\":null,\"priority\":5,\"delayMs\":0,"
                                + "\"maxAttempts\":5,\"timeoutMs\":60000,\"uniqueKey\":null}"));
        assertThat(client.get("/schedules/" + name).json(200)).isEqualTo(schedule);
    }

    @Test
    void the_time_zone_s_wall_clock_counts() {
        JsonNode schedule = add("'cron':'0 12 1 7 *','timeZone':'Europe/Vienna','job':{'type':'noop'}")
                .json(201);

        assertThat(schedule.path("nextRunAt").asText()).endsWith("-07-01T10:00:00.000Z");
    }

    @Test
    void what_a_job_is_shown_as_can_be_sent_back_and_means_the_same() {
        JsonNode schedule =
                add("'intervalMs':3600000,'job':{'queue':'q','type':'echo','payload':{'z':1.10,'a':[null]},'priority':0,'delayMs':5,'maxAttempts':50,'timeoutMs':86400000,'uniqueKey':'k'}")
                        .json(201);
        JsonNode again = client.put("/schedules/" + name, "{'intervalMs':3600000,'job':" + schedule.path("job") + "}")
                .json(200);

        assertThat(again).isEqualTo(schedule);
        assertThat(schedule.path("job").path("payload").toString()).isEqualTo("{\"z\":1.10,\"a\":[null]}");
    }

    @Test
    void a_name_that_exists_is_a_conflict_and_changes_nothing() {
        JsonNode first = add("'intervalMs':3600000,'job':" + NOOP).json(201);

        JsonNode problem = add("'intervalMs':60000,'job':" + NOOP).problem(409);

        assertThat(problem.path("detail").asText()).contains(name);
        assertThat(client.get("/schedules/" + name).json(200)).isEqualTo(first);
    }

    @Test
    void a_schedule_that_is_not_there_is_404_whatever_its_name() {
        for (String unknown : List.of(name, "A-B", "a%20b", "x".repeat(300))) {
            client.get("/schedules/" + unknown).problem(404);
            client.put("/schedules/" + unknown, "{'intervalMs':60000,'job':" + NOOP + "}")
                    .problem(404);
            client.delete("/schedules/" + unknown).problem(404);
        }
    }

    @Test
    void put_replaces_all_of_it_and_left_out_fields_get_their_defaults() {
        JsonNode before = add("'intervalMs':3600000,'missedRuns':'once','job':{'type':'noop','queue':'a','priority':1}")
                .json(201);

        JsonNode same = client.put(
                        "/schedules/" + name, "{'name':'" + name + "','intervalMs':3600000,'job':" + NOOP + "}")
                .json(200);
        assertThat(same.path("nextRunAt")).isEqualTo(before.path("nextRunAt"));
        assertThat(same.path("missedRuns").asText()).isEqualTo("skip");
        assertThat(same.path("job").path("queue").asText()).isEqualTo("default");
        assertThat(same.path("job").path("priority").asInt()).isEqualTo(5);

        JsonNode other = client.put("/schedules/" + name, "{'intervalMs':1000000,'job':" + NOOP + "}")
                .json(200);
        assertThat(time(other, "nextRunAt")).isBefore(time(before, "nextRunAt"));
        assertThat(other.path("createdAt")).isEqualTo(before.path("createdAt"));

        JsonNode disabled = client.put(
                        "/schedules/" + name, "{'intervalMs':1000000,'enabled':false,'job':" + NOOP + "}")
                .json(200);
        assertThat(disabled.path("enabled").asBoolean()).isFalse();
        assertThat(disabled.path("nextRunAt").isNull()).isTrue();
        assertThat(client.get("/schedules/" + name).json(200)).isEqualTo(disabled);
    }

    @Test
    void put_with_another_name_in_its_body_is_refused() {
        add("'intervalMs':3600000,'job':" + NOOP).json(201);

        assertThat(client.put("/schedules/" + name, "{'name':'other','intervalMs':60000,'job':" + NOOP + "}")
                        .wrongFields())
                .containsExactly("name");
    }

    @Test
    void a_removed_schedule_is_gone() {
        add("'intervalMs':3600000,'job':" + NOOP).json(201);

        ServiceClient.Answer answer = client.delete("/schedules/" + name);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        client.get("/schedules/" + name).problem(404);
        client.delete("/schedules/" + name).problem(404);
    }

    @Test
    void the_list_goes_by_name_in_pages() {
        for (String suffix : List.of("-c", "-a", "-b")) {
            client.post("/schedules", "{'name':'%s','intervalMs':3600000,'job':%s}".formatted(name + suffix, NOOP))
                    .json(201);
        }

        JsonNode first = client.get("/schedules?limit=2&cursor=" + name).json(200);
        assertThat(names(first)).containsExactly(name + "-a", name + "-b");
        assertThat(first.path("nextCursor").asText()).isEqualTo(name + "-b");
        JsonNode second = client.get("/schedules?limit=2&cursor=" + name + "-b").json(200);
        assertThat(names(second)).startsWith(name + "-c");
        JsonNode all = client.get("/schedules?limit=500").json(200);
        assertThat(names(all)).contains(name + "-a", name + "-b", name + "-c").isSorted();
        assertThat(all.path("nextCursor").isNull()).isTrue();
        assertThat(client.get("/schedules?limit=501&page=2&cursor=A").wrongFields())
                .containsExactlyInAnyOrder("limit", "page", "cursor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                    | name,cron,job",
                "{'name':null,'cron':null,'job':null}                                  | name,cron,job",
                "{'name':'A','intervalMs':1000,'job':{'type':'noop'}}                  | name",
                "{'name':'-a','intervalMs':1000,'job':{'type':'noop'}}                 | name",
                "{'name':7,'intervalMs':1000,'job':{'type':'noop'}}                    | name",
                "{'name':'a','intervalMs':999,'job':{'type':'noop'}}                   | intervalMs",
                "{'name':'a','intervalMs':31622400001,'job':{'type':'noop'}}           | intervalMs",
                "{'name':'a','intervalMs':1000.5,'job':{'type':'noop'}}                | intervalMs",
                "{'name':'a','intervalMs':'1000','job':{'type':'noop'}}                | intervalMs",
                "{'name':'a','cron':'* * * * *','intervalMs':1000,'job':{'type':'noop'}} | intervalMs",
                "{'name':'a','cron':'','job':{'type':'noop'}}                          | cron",
                "{'name':'a','cron':5,'job':{'type':'noop'}}                           | cron",
                "{'name':'a','cron':'0 0 * * * *','job':{'type':'noop'}}               | cron",
                "{'name':'a','cron':'@daily','job':{'type':'noop'}}                    | cron",
                "{'name':'a','cron':'61 * * * *','job':{'type':'noop'}}                | cron",
                "{'name':'a','intervalMs':1000,'timeZone':'Mars','job':{'type':'noop'}} | timeZone",
                "{'name':'a','intervalMs':1000,'timeZone':'+02:00','job':{'type':'noop'}} | timeZone",
                "{'name':'a','intervalMs':1000,'timeZone':1,'job':{'type':'noop'}}     | timeZone",
                "{'name':'a','intervalMs':1000,'missedRuns':'all','job':{'type':'noop'}} | missedRuns",
                "{'name':'a','intervalMs':1000,'enabled':'yes','job':{'type':'noop'}}  | enabled",
                "{'name':'a','intervalMs':1000,'job':'noop'}                           | job",
                "{'name':'a','intervalMs':1000,'job':{}}                               | job.type",
                "{'name':'a','intervalMs':1000,'job':{'type':'noop','priority':10}}    | job.priority",
                "{'name':'a','intervalMs':1000,'job':{'type':'noop','maxAttemps':3}}   | job.maxAttemps",
                "{'name':'a','intervalMs':1000,'job':{'type':'noop','runAt':'2030-01-01T00:00:00.000Z'}} | job.runAt",
                "{'name':'a','intervalMs':1000,'nextRunAt':null,'job':{'type':'noop'}} | nextRunAt",
                "{'name':'a','intervalMs':1,'timeZone':'x','missedRuns':'y','enabled':0,'job':{'type':''}} | intervalMs,timeZone,missedRuns,enabled,job.type",
            })
    void every_field_that_is_not_as_it_should_be_is_named(String body, String fields) {
        List<String> wrong = client.post("/schedules", body).wrongFields();

        assertThat(String.join(",", wrong.stream().distinct().toList())).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"})
    void an_expression_that_never_comes_is_refused_and_says_so(String cron) {
        JsonNode error = add("'cron':'" + cron + "','job':" + NOOP)
                .problem(400)
                .path("errors")
                .path(0);

        assertThat(error.path("field").asText()).isEqualTo("cron");
        assertThat(error.path("value").asText()).isEqualTo(cron);
        assertThat(error.path("message").asText()).contains("never comes");
    }

    @Test
    void what_is_too_large_is_refused() {
        assertThat(add("'cron':'0" + ",0".repeat(10_000) + " * * * *','job':" + NOOP)
                        .wrongFields())
                .containsExactly("cron");
        add("'intervalMs':1000,'job':{'type':'noop','payload':'" + "x".repeat(256 * 1024) + "'}")
                .problem(413);
        client.post("/schedules", "").problem(400);
        client.post("/schedules", "[]").problem(400);
    }

    @Test
    void its_job_is_submitted_at_each_tick_and_runs() {
        String queue = freshQueue();
        JsonNode added = add("'intervalMs':1000,'job':{'type':'echo','payload':7,'queue':'" + queue + "'}")
                .json(201);

        JsonNode ran = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> client.get("/schedules/" + name).json(200),
                        schedule -> jobsOf(queue).size() >= 2);
        client.delete("/schedules/" + name);

        String last = ran.path("lastJobId").asText();
        JsonNode job = client.awaitState(last, "completed");
        assertThat(job.path("result").asInt()).isEqualTo(7);
        assertThat(job.path("queue").asText()).isEqualTo(queue);
        assertThat(ran.path("lastRunAt")).isEqualTo(job.path("createdAt"));
        assertThat(Duration.between(time(added, "nextRunAt"), time(ran, "nextRunAt"))
                                .toMillis()
                        % 1000)
                .as("ticks stay in step with the start")
                .isZero();
    }

    @Test
    void a_schedule_survives_a_restart_and_goes_on_in_step_with_no_tick_twice() throws Exception {
        String queue = freshQueue();
        Instant start = time(
                add("'intervalMs':1000,'job':{'type':'noop','queue':'" + queue + "'}")
                        .json(201),
                "createdAt");
        JsonNode resting = client.post(
                        "/schedules", "{'name':'%s-r','cron':'0 0 1 1 *','job':%s}".formatted(name, NOOP))
                .json(201);
        await().atMost(Duration.ofSeconds(20)).until(() -> !jobsOf(queue).isEmpty());

        service.restart();
        client = service.client();

        assertThat(client.get("/schedules/" + name + "-r").json(200)).isEqualTo(resting);
        int before = jobsOf(queue).size();
        await().atMost(Duration.ofSeconds(20)).until(() -> jobsOf(queue).size() > before);
        client.delete("/schedules/" + name);
        // A run is for the latest tick, so there is at most one in each second after the start.
        assertThat(jobsOf(queue))
                .extracting(
                        job -> Duration.between(start, time(job, "createdAt")).toSeconds())
                .doesNotHaveDuplicates();
    }

    @Test
    void a_run_is_told_as_a_submission() {
        String queue = freshQueue();
        String cursor = client.get("/events/poll?topic=queue:" + queue)
                .json(200)
                .path("cursor")
                .asText();
        add("'intervalMs':1000,'job':{'type':'idle','queue':'" + queue + "'}").json(201);

        JsonNode events = client.get("/events/poll?topic=queue:" + queue + "&after=" + cursor + "&timeoutMs=20000")
                .json(200)
                .path("events");
        client.delete("/schedules/" + name);

        assertThat(events.path(0).path("event").asText()).isEqualTo("job.waiting");
        assertThat(events.path(0).path("data").path("reason").asText()).isEqualTo("submitted");
        assertThat(events.path(0).path("data").path("queue").asText()).isEqualTo(queue);
    }

    private ServiceClient.Answer add(String fields) {
        return client.post("/schedules", "{'name':'" + name + "'," + fields + "}");
    }

    private List<JsonNode> jobsOf(String queue) {
        List<JsonNode> jobs = new ArrayList<>();
        client.get("/jobs?limit=500&queue=" + queue).json(200).path("jobs").forEach(jobs::add);
        return jobs;
    }

    private static List<String> names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("schedules")
                .forEach(schedule -> names.add(schedule.path("name").asText()));
        return names;
    }

    private static Instant time(JsonNode object, String field) {
        return Instant.parse(object.path(field).asText());
    }
}
