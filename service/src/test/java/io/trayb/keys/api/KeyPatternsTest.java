package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.testing.RawHttp;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What keys can and can't do, beyond the matrix. */
class KeyPatternsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private static final AtomicInteger names = new AtomicInteger();
    private static String rootKey = "";

    private final String name = "key-" + names.incrementAndGet();

    @BeforeAll
    static void the_first_key_is_made_without_one_and_then_everybody_needs_one() {
        service.client().get("/jobs").json(200);
        JsonNode made = service.client()
                .post("/keys", "{'name':'root','scopes':['submit','read','work','operate']}")
                .json(201);
        rootKey = made.path("key").asText();
        assertThat(made.path("createdBy").asText()).isEqualTo("local");
        assertThat(made.path("queues").asText()).isEqualTo("*");

        service.client().get("/jobs").problem(401);
        root().get("/jobs").json(200);
    }

    private static ServiceClient root() {
        return service.client().with(rootKey);
    }

    /** A client with a key of this test's. */
    private ServiceClient with(String queues, String scopes) {
        return service.client()
                .with(root().post(
                                "/keys", "{'name':'" + name + "','queues':'" + queues + "','scopes':[" + scopes + "]}")
                        .json(201)
                        .path("key")
                        .asText());
    }

    private static List<String> listed(JsonNode list, String array, String field) {
        List<String> values = new ArrayList<>();
        list.path(array).forEach(entry -> values.add(entry.path(field).asText()));
        return values;
    }

    @Test
    void a_key_is_shown_once() {
        Answer made = root().post(
                        "/keys",
                        "{'name':'" + name + "','scopes':['read'],'rate':'100/s','expiresAt':'2099-01-01T00:00:00Z'}");
        String key = made.json(201).path("key").asText();
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        assertThat(made.header("Location")).endsWith("/api/v1/keys/" + name);

        Answer list = root().get("/keys");
        assertThat(list.body()).contains(name).doesNotContain(key).doesNotContain(key.substring(22));
        JsonNode entry = null;
        for (JsonNode each : list.json(200).path("keys")) {
            if (each.path("name").asText().equals(name)) {
                entry = each;
            }
        }
        assertThat(entry).isNotNull();
        assertThat(entry.has("key")).isFalse();
        assertThat(entry.path("rate").asText()).isEqualTo("100/s");
        assertThat(entry.path("expiresAt").asText()).isEqualTo("2099-01-01T00:00:00.000Z");
    }

    @Test
    void what_is_wrong_with_a_new_key_is_told_at_once() {
        assertThat(root().post(
                                "/keys",
                                "{'name':'Local','scopes':['read','reed'],'queues':'a*b','rate':'5/d','expiresAt':'2001-01-01T00:00:00Z'}")
                        .wrongFields())
                .containsExactlyInAnyOrder("name", "scopes[1]", "queues", "rate", "expiresAt");
        assertThat(root().post("/keys", "{}").wrongFields()).containsExactlyInAnyOrder("name", "scopes");
        assertThat(root().post("/keys", "{'name':'local','scopes':['read']}").wrongFields())
                .containsExactly("name");
        root().post("/keys", "{'name':'root','scopes':['read']}").problem(409);
        root().call("DELETE", "/keys/nobody", null).problem(404);
    }

    @Test
    void nobody_gives_away_more_than_they_have() {
        ServiceClient small = with("mail-*", "'operate','read'");
        String inner = name + "-inner";
        assertThat(errors(small.post("/keys", "{'name':'x','queues':'*','scopes':['read']}")))
                .containsExactly("queues");
        assertThat(errors(small.post("/keys", "{'name':'x','queues':'mail-*','scopes':['read','submit']}")))
                .containsExactly("scopes");
        small.post("/keys", "{'name':'" + inner + "','queues':'mail-eu-*','scopes':['read']}")
                .json(201);
        assertThat(listed(small.get("/keys").json(200), "keys", "name")).containsExactlyInAnyOrder(name, inner);
        small.call("DELETE", "/keys/root", null).problem(404);

        String until = Instant.now().plusSeconds(3600).toString();
        String ending = name + "-ending";
        ServiceClient shortLived = service.client()
                .with(root().post("/keys", "{'name':'" + ending + "','scopes':['operate'],'expiresAt':'" + until + "'}")
                        .json(201)
                        .path("key")
                        .asText());
        assertThat(errors(shortLived.post("/keys", "{'name':'x','scopes':['operate']}")))
                .containsExactly("expiresAt");
    }

    private static List<String> errors(Answer answer) {
        return listed(answer.problem(403), "errors", "field");
    }

    @Test
    void pages_of_a_list_are_full_and_of_one_s_own_queues() {
        ServiceClient mine = with("pages-*", "'read','submit'");
        for (int i = 0; i < 6; i++) {
            root().submit("{'queue':'pages-" + i % 2 + "','type':'nobody'}");
            root().submit("{'queue':'elsewhere','type':'nobody'}");
        }
        JsonNode first = mine.get("/jobs?limit=4").json(200);
        assertThat(listed(first, "jobs", "queue")).hasSize(4).allMatch(queue -> queue.startsWith("pages-"));
        JsonNode rest = mine.get(
                        "/jobs?limit=4&cursor=" + first.path("nextCursor").asText())
                .json(200);
        assertThat(listed(rest, "jobs", "queue")).hasSize(2).allMatch(queue -> queue.startsWith("pages-"));
        assertThat(listed(mine.get("/queues").json(200), "queues", "name"))
                .containsExactlyInAnyOrder("pages-0", "pages-1");
        mine.get("/jobs?queue=elsewhere").problem(403);
        assertThat(errors(mine.post("/jobs", "{'type':'nobody'}"))).containsExactly("queue");
    }

    @Test
    void a_finished_job_of_others_is_not_there_either_although_it_is_in_the_cache() {
        ServiceClient mine = with("mail-*", "'read'");
        String id = root().submit("{'queue':'cached','type':'noop'}");
        root().awaitState(id, "completed");
        root().get("/jobs/" + id).json(200);
        mine.get("/jobs/" + id).problem(404);
        mine.get("/jobs/" + id, "Accept", "application/json;q=0.9").problem(404);
        String seen = root().submit("{'queue':'mail-1','type':'noop'}");
        root().awaitState(seen, "completed");
        mine.get("/jobs/" + seen).json(200);
    }

    @Test
    void idempotency_keys_of_two_keys_have_nothing_to_do_with_each_other() {
        ServiceClient other = with("*", "'submit'");
        String body = "{'type':'nobody','queue':'" + name + "'}";
        String first = root().post("/jobs", body, "Idempotency-Key", name)
                .json(201)
                .path("id")
                .asText();
        assertThat(root().post("/jobs", body, "Idempotency-Key", name)
                        .json(200)
                        .path("id")
                        .asText())
                .isEqualTo(first);
        assertThat(other.post("/jobs", body, "Idempotency-Key", name)
                        .json(201)
                        .path("id")
                        .asText())
                .isNotEqualTo(first);
    }

    @Test
    void a_schedule_of_others_is_not_there() {
        ServiceClient mine = with("mail-*", "'read','operate'");
        String schedule = "{'name':'" + name + "','intervalMs':86400000,'job':{'queue':'print','type':'nobody'}}";
        root().post("/schedules", schedule).json(201);
        mine.put("/schedules/" + name, "{'intervalMs':86400000,'job':{'queue':'mail-1','type':'nobody'}}")
                .problem(404);
        mine.call("DELETE", "/schedules/" + name, null).problem(404);
        assertThat(mine.get("/schedules").body()).doesNotContain(name);
        root().get("/schedules/" + name).json(200);
    }

    @Test
    void a_key_with_a_rate_gets_429_and_hears_what_is_left() {
        ServiceClient slow = service.client()
                .with(root().post("/keys", "{'name':'" + name + "','scopes':['read'],'rate':'3/h'}")
                        .json(201)
                        .path("key")
                        .asText());
        Answer first = slow.get("/queues");
        first.json(200);
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"key\";q=3;w=3600");
        assertThat(first.header("RateLimit")).isEqualTo("\"key\";r=2;t=1200");
        slow.get("/queues").json(200);
        slow.get("/jobs/nothing").problem(404);
        Answer refused = slow.get("/queues");
        refused.problem(429);
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1100, 1200);
        assertThat(refused.header("RateLimit")).startsWith("\"key\";r=0;t=");
        assertThat(root().get("/queues").header("RateLimit")).isEmpty();
    }

    @Test
    void whatever_path_is_tried_nothing_is_answered_without_a_key() throws Exception {
        for (String path : List.of(
                "/api/v1/jobs",
                "/api/v1/jobs/",
                "/api/v1/jobs;ticket=x",
                "/api/v1/jobs?ticket=x",
                "/api//v1/jobs",
                "/api/v1/./jobs",
                "/api/v1/events/../jobs",
                "/api/v1/events?ticket=x&topic=jobs",
                "/api/v1/%6aobs",
                "/client/../api/v1/jobs",
                "/api/nothing")) {
            assertThat(RawHttp.send(service.port(), "GET " + path, "Host: localhost"))
                    .as(path)
                    .containsPattern("^HTTP/1.1 40[014]")
                    .doesNotContain("nextCursor");
        }
        assertThat(RawHttp.send(
                        service.port(),
                        "GET /api/v1/jobs",
                        "Host: localhost",
                        "Authorization: Bearer " + rootKey,
                        "Authorization: Bearer x"))
                .startsWith("HTTP/1.1 401");
        assertThat(RawHttp.send(service.port(), "GET /healthz", "Host: anything.example"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void a_list_of_keys_has_pages_which_are_full_whatever_others_there_are() throws Exception {
        String mine = name + "-mine";
        for (String queues : List.of("paged-a", "paged-*", "other", "paged-b-*", "*", "page", "paged-c")) {
            root().post(
                            "/keys",
                            "{'name':'" + name + "-" + queues.replace("*", "all") + "','scopes':['read'],'queues':'"
                                    + queues + "'}")
                    .json(201);
        }
        ServiceClient operator = service.client()
                .with(TestKeys.create(service.database(), mine, "paged-*", Set.of(Scope.OPERATE, Scope.READ)));
        await().until(() -> operator.get("/queues").status() == 200);

        JsonNode first = operator.get("/keys?limit=3").json(200);
        assertThat(listed(first, "keys", "name")).hasSize(3);
        JsonNode rest = operator.get(
                        "/keys?limit=3&cursor=" + first.path("nextCursor").asText())
                .json(200);
        List<String> all = new ArrayList<>(listed(first, "keys", "queues"));
        all.addAll(listed(rest, "keys", "queues"));
        assertThat(all).containsExactlyInAnyOrder("paged-a", "paged-*", "paged-b-*", "paged-c", "paged-*");
        assertThat(rest.path("nextCursor").isNull()).isTrue();
        assertThat(operator.get("/keys?limit=0").wrongFields()).containsExactly("limit");
        assertThat(operator.get("/keys?cursor=A&page=2").wrongFields()).containsExactlyInAnyOrder("cursor", "page");

        String single = TestKeys.create(service.database(), name + "-one", "paged-a", Set.of(Scope.OPERATE));
        await().until(() -> service.client().with(single).get("/keys").status() == 200);
        assertThat(listed(service.client().with(single).get("/keys").json(200), "keys", "queues"))
                .containsOnly("paged-a");
    }
}
