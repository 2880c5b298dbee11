package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is on queues that a key can't see, asked for by that key: word for word, nothing is there. */
class HiddenThingsTest {
    private static final ApiContract CONTRACT = ApiContract.committed();
    private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);
    private static final String ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057";

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private static String rootKey = "";
    private static String narrowKey = "";

    /** Of others, by how far they have come. */
    private static final Map<String, String> HIDDEN = new LinkedHashMap<>();

    private static String tagOfCompleted = "";

    @BeforeAll
    static void make_what_is_hidden() {
        rootKey = TestKeys.create(service.database(), "root", "*", ALL);
        narrowKey = TestKeys.create(service.database(), "narrow", "mail-*", ALL);
        // As long as the service hasn't heard of a key, anybody may do anything.
        await().until(() -> service.client().get("/queues").status() == 401);
        await().until(() ->
                narrow().get("/queues").status() == 200 && root().get("/queues").status() == 200);
        HIDDEN.put("waiting", root().submit("{'queue':'print','type':'nobody'}"));
        HIDDEN.put("delayed", root().submit("{'queue':'print','type':'nobody','delayMs':86400000}"));
        HIDDEN.put("active", root().submit("{'queue':'held','type':'nobody'}"));
        root().post("/queues/held/leases", "{'worker':'w','leaseMs':3600000}").json(200);
        HIDDEN.put("cancelled", root().submit("{'queue':'print','type':'nobody'}"));
        root().delete("/jobs/" + HIDDEN.get("cancelled")).json(200);
        HIDDEN.put("failed", root().submit("{'queue':'print','type':'fail','maxAttempts':1}"));
        HIDDEN.put("completed", root().submit("{'queue':'print','type':'noop'}"));
        root().awaitState(HIDDEN.get("failed"), "failed");
        root().awaitState(HIDDEN.get("completed"), "completed");
        // From then on it is in the cache.
        tagOfCompleted = root().get("/jobs/" + HIDDEN.get("completed")).header("ETag");
        assertThat(tagOfCompleted).isNotBlank();
        root().post("/schedules", "{'name':'hidden','intervalMs':86400000,'job':{'queue':'print','type':'nobody'}}")
                .json(201);
    }

    private static ServiceClient root() {
        return service.client().with(rootKey);
    }

    private static ServiceClient narrow() {
        return service.client().with(narrowKey);
    }

    /** All calls about one job, as the description has them: right, bent, and with every header by which one might ask. */
    @TestFactory
    Stream<DynamicTest> a_job_of_others_is_answered_for_like_one_that_does_not_exist() {
        return CONTRACT.operations().entrySet().stream()
                .filter(operation -> operation.getValue().path().contains("/jobs/{id}"))
                .flatMap(operation -> HIDDEN.entrySet().stream()
                        .map(job -> DynamicTest.dynamicTest(
                                operation.getKey() + " of a job that is " + job.getKey(),
                                () -> isLikeOneThatIsNotThere(operation.getValue(), job.getValue()))));
    }

    private static void isLikeOneThatIsNotThere(Described call, String hidden) throws Exception {
        for (DescribedRequest request : requests(call)) {
            String answer = answered(request, hidden);
            assertThat(answer)
                    .as(call.method() + " " + call.path() + " " + request.headers)
                    .isEqualTo(answered(request, ABSENT));
            assertThat(answer).startsWith("HTTP/1.1 40");
        }
        // Nor was anything done to it.
        assertThat(HIDDEN.entrySet().stream()
                        .filter(job -> job.getValue().equals(hidden))
                        .findFirst()
                        .orElseThrow()
                        .getKey())
                .isEqualTo(root().job(hidden).path("state").asText());
    }

    private static List<DescribedRequest> requests(Described call) {
        FittingRequests.Things none =
                new FittingRequests.Things(List.of(ABSENT), new ArrayDeque<>(), "none", "none", "none");
        FittingRequests fitting = new FittingRequests(CONTRACT, new Random(1), none);
        List<DescribedRequest> requests = new ArrayList<>();
        for (Map.Entry<String, String> header : List.of(
                Map.entry("X-Mine", "1"),
                Map.entry("If-None-Match", tagOfCompleted),
                Map.entry("If-None-Match", "*"),
                Map.entry("If-Match", tagOfCompleted),
                Map.entry("If-Modified-Since", "Sat, 28 Nov 2026 09:00:00 GMT"),
                Map.entry("Accept", "application/json;q=0.9"),
                Map.entry("Accept", "text/html"),
                Map.entry("Range", "bytes=0-1"))) {
            DescribedRequest request = fitting.least(call);
            request.headers.add(header);
            requests.add(request);
        }
        if (!call.body().isMissingNode()) {
            for (String body : List.of("{}", "{\"leaseToken\":\"lease-1\",\"surelyUnknown\":1}", "[", "")) {
                DescribedRequest request = fitting.least(call);
                request.setBody(body);
                requests.add(request);
            }
        }
        return requests;
    }

    /** All that comes back, but for the id and what is another one each time. */
    private static String answered(DescribedRequest request, String id) throws Exception {
        request.path.put("id", id);
        return RawAnswer.to(service.port(), request.bytes(narrowKey))
                .text()
                .replace(id, "ID")
                .replaceAll("(?im)^(Date|X-Request-Id): .*\r\n", "");
    }

    @Test
    void a_topic_of_a_job_of_others_is_as_quiet_as_one_of_a_job_that_does_not_exist() {
        JsonNode begun = root().get("/events/poll?topic=jobs").json(200);
        String before = begun.path("cursor").asText();
        String hidden = root().submit("{'queue':'print','type':'noop'}");
        root().awaitState(hidden, "completed");
        // What is hidden is in the log: whoever may see it does.
        await().until(() -> root().get("/events/poll?timeoutMs=0&topic=job:" + hidden + "&after=" + before)
                        .json(200)
                        .path("events")
                        .size()
                >= 2);

        for (String after : List.of(before, before.substring(0, 16) + "-0-0")) {
            Answer ofOthers = narrow().get("/events/poll?timeoutMs=0&topic=job:" + hidden + "&after=" + after);
            Answer ofNobody = narrow().get("/events/poll?timeoutMs=0&topic=job:" + ABSENT + "&after=" + after);
            assertThat(ofOthers.json(200).path("events")).isEmpty();
            assertThat(ofOthers.json(200).path("gap"))
                    .isEqualTo(ofNobody.json(200).path("gap"));
            assertThat(ofNobody.json(200).path("events")).isEmpty();
        }
        // The same through a ticket, and as one topic among others.
        String ticket = narrow().post("/events/tickets", "{'topics':['job:" + hidden + "','jobs']}")
                .json(201)
                .path("ticket")
                .asText();
        assertThat(service.client()
                        .get("/events/poll?timeoutMs=0&ticket=" + ticket + "&after=" + before)
                        .json(200)
                        .path("events"))
                .isEmpty();
    }

    @Test
    void a_cursor_that_stands_at_an_event_of_others_goes_on_with_one_s_own() {
        String before =
                root().get("/events/poll?topic=jobs").json(200).path("cursor").asText();
        String hidden = root().submit("{'queue':'print','type':'noop'}");
        root().awaitState(hidden, "completed");
        String mine = root().submit("{'queue':'mail-1','type':'noop'}");
        root().awaitState(mine, "completed");
        JsonNode theirs = await().until(
                        () -> root().get("/events/poll?timeoutMs=0&topic=jobs&after=" + before)
                                .json(200)
                                .path("events"),
                        events -> events.toString().contains(mine)
                                && events.toString().contains(hidden));
        List<String> places = new ArrayList<>();
        theirs.forEach(event -> places.add(event.path("id").asText()));

        JsonNode page = narrow().get("/events/poll?timeoutMs=0&topic=jobs&after=" + places.get(0))
                .json(200);

        assertThat(page.path("gap").asBoolean()).isFalse();
        assertThat(page.path("events"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.toString()).contains(mine).doesNotContain(hidden));
        // Nor is there a place to go on from that only the others' events could have given away.
        assertThat(page.path("cursor").asText()).startsWith(before.substring(0, 16));
    }

    @Test
    void pages_of_jobs_count_no_others_whatever_cursor_they_begin_at() {
        String first = root().submit("{'queue':'mail-2','type':'nobody'}");
        for (String hidden : HIDDEN.values()) {
            JsonNode page = narrow().get("/jobs?queue=mail-2&cursor=" + hidden).json(200);
            assertThat(page.path("jobs")).isEmpty();
        }
        String last = root().submit("{'queue':'print','type':'nobody'}");
        for (String state : List.of("waiting", "delayed", "active", "failed", "completed", "cancelled")) {
            assertThat(narrow().get("/jobs?state=" + state + "&cursor=" + last).body())
                    .doesNotContain("\"print\"", "\"held\"");
        }
        assertThat(narrow().get("/jobs?queue=mail-2&cursor=" + last)
                        .json(200)
                        .path("jobs")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo(first);
        assertThat(narrow().get("/queues").body()).doesNotContain("\"print\"", "\"held\"", "\"hidden\"");
        assertThat(narrow().get("/schedules").body()).doesNotContain("hidden");
        assertThat(narrow().get("/keys").body()).doesNotContain("\"root\"");
    }

    /** A queue with jobs, limits or a pause is refused like one that never was. */
    @Test
    void a_queue_of_others_is_refused_in_the_words_for_one_that_does_not_exist() {
        root().post("/queues/print/pause").json(200);
        for (String call : List.of(
                "GET /jobs?queue=@",
                "POST /queues/@/pause",
                "POST /queues/@/resume",
                "PUT /queues/@ {'maxActive':1}",
                "POST /queues/@/replay {'state':'failed'}",
                "POST /queues/@/replay {'type':'fail','limit':1}",
                "POST /queues/@/leases {'worker':'w'}",
                "POST /jobs {'queue':'@','type':'nobody'}",
                "POST /jobs {'queue':'@','type':'nobody','uniqueKey':'u'}",
                "POST /jobs/batch {'jobs':[{'queue':'mail-1','type':'x'},{'queue':'@','type':'x'}]}",
                "POST /schedules {'name':'fresh','intervalMs':1000,'job':{'queue':'@','type':'x'}}",
                "POST /events/tickets {'topics':['queue:@']}",
                "GET /events?topic=queue:@",
                "GET /events/poll?topic=jobs&topic=queue:@",
                "POST /keys {'name':'fresh','scopes':['read'],'queues':'@'}")) {
            Answer ofOthers = called(call.replace("@", "print"));
            Answer ofNobody = called(call.replace("@", "absent"));
            ofOthers.problem(403);
            assertThat(ofOthers.body().replace("print", "@"))
                    .as(call)
                    .isEqualTo(ofNobody.body().replace("absent", "@"));
        }
        assertThat(root().queue("print").path("paused").asBoolean()).isTrue();
        root().post("/queues/print/resume").json(200);
    }

    private static Answer called(String call) {
        String[] parts = call.split(" ", 3);
        return narrow().call(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
    }

    @Test
    void a_schedule_or_a_key_of_others_is_answered_for_like_one_that_does_not_exist() {
        String schedule = "{'intervalMs':86400000,'job':{'queue':'mail-1','type':'x'}}";
        for (String call : List.of(
                "GET /schedules/@",
                "DELETE /schedules/@",
                "PUT /schedules/@ " + schedule,
                "PUT /schedules/@ {'name':'other','intervalMs':86400000,'job':{'queue':'mail-1','type':'x'}}")) {
            isLike(call, "hidden", "absent");
        }
        isLike("DELETE /keys/@", "root", "nobody");
        root().get("/schedules/hidden").json(200);
    }

    private static void isLike(String call, String hidden, String absent) {
        Answer ofOthers = called(call.replace("@", hidden));
        Answer ofNobody = called(call.replace("@", absent));
        assertThat(ofOthers.status()).as(call).isIn(400, 404).isEqualTo(ofNobody.status());
        assertThat(ofOthers.body().replace(hidden, "@"))
                .as(call)
                .isEqualTo(ofNobody.body().replace(absent, "@"));
    }

    @Test
    void a_batch_that_names_a_job_of_others_by_its_unique_key_learns_nothing_of_it() {
        String unique = "u-" + UUID.randomUUID();
        String theirs = root().submit("{'queue':'print','type':'nobody','uniqueKey':'" + unique + "'}");

        JsonNode mine = narrow().post("/jobs", "{'queue':'mail-3','type':'nobody','uniqueKey':'" + unique + "'}")
                .json(201);

        assertThat(mine.path("id").asText()).isNotEqualTo(theirs);
    }
}
