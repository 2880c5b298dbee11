package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.keys.KeyText;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.openapi.ApiContract;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletMapping;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every call of the API with every kind of key. The calls are read out of the running service: one that isn't answered for here
 * fails.
 */
class KeyMatrixTest {
    private static final String QUEUE = "mine";

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private static final Map<String, String> KEYS = new HashMap<>();
    private static final AtomicInteger names = new AtomicInteger();

    /**
     * How one call is made, and what is answered.
     *
     * @param scope what it needs; null if any key will do
     * @param path below /api/v1; makes what the call needs, anew for each
     * @param right the status with a key that is for it
     * @param otherQueue the status with a key for other queues; 200 means an answer in which this queue isn't
     */
    private record Row(
            @Nullable Scope scope,
            Supplier<String> path,
            @Nullable String body,
            int right,
            int otherQueue) {}

    private static final Map<String, Row> ROWS = new TreeMap<>(Map.ofEntries(
            row("POST /jobs", Scope.SUBMIT, () -> "/jobs", "{'queue':'mine','type':'nobody'}", 201, 403),
            row(
                    "POST /jobs/batch",
                    Scope.SUBMIT,
                    () -> "/jobs/batch",
                    "{'jobs':[{'queue':'other-1','type':'nobody'},{'queue':'mine','type':'nobody'}]}",
                    201,
                    403),
            row("GET /jobs", Scope.READ, () -> "/jobs", null, 200, 200),
            row("GET /jobs/{id}", Scope.READ, () -> "/jobs/" + job(), null, 200, 404),
            row("DELETE /jobs/{id}", Scope.SUBMIT, () -> "/jobs/" + job(), null, 200, 404),
            row("POST /jobs/{id}/retry", Scope.OPERATE, () -> "/jobs/" + job() + "/retry", null, 409, 404),
            row("POST /jobs/{id}/heartbeat", Scope.WORK, () -> "/jobs/" + job() + "/heartbeat", held(""), 409, 404),
            row("POST /jobs/{id}/complete", Scope.WORK, () -> "/jobs/" + job() + "/complete", held(""), 409, 404),
            row("POST /jobs/{id}/fail", Scope.WORK, () -> "/jobs/" + job() + "/fail", held(",'error':'x'"), 409, 404),
            row("GET /queues", Scope.READ, () -> "/queues", null, 200, 200),
            row("PUT /queues/{queue}", Scope.OPERATE, () -> "/queues/mine", "{'maxActive':5}", 200, 403),
            row("POST /queues/{queue}/pause", Scope.OPERATE, () -> "/queues/mine/pause", null, 200, 403),
            row("POST /queues/{queue}/resume", Scope.OPERATE, () -> "/queues/mine/resume", null, 200, 403),
            row("POST /queues/{queue}/replay", Scope.OPERATE, () -> "/queues/mine/replay", "{'type':'x'}", 200, 403),
            row(
                    "POST /queues/{queue}/leases",
                    Scope.WORK,
                    () -> "/queues/mine/leases",
                    "{'worker':'w','types':['none']}",
                    200,
                    403),
            row("GET /schedules", Scope.READ, () -> "/schedules", null, 200, 200),
            row("POST /schedules", Scope.OPERATE, () -> "/schedules", "NEW", 201, 403),
            row("GET /schedules/{name}", Scope.READ, () -> "/schedules/" + schedule(), null, 200, 404),
            row("PUT /schedules/{name}", Scope.OPERATE, () -> "/schedules/" + schedule(), timing(""), 200, 403),
            row("DELETE /schedules/{name}", Scope.OPERATE, () -> "/schedules/" + schedule(), null, 204, 404),
            row("GET /events", Scope.READ, () -> "/events?topic=queue:mine", null, 200, 403),
            row("GET /events/poll", Scope.READ, () -> "/events/poll?topic=queue:mine", null, 200, 403),
            row("POST /events/tickets", Scope.READ, () -> "/events/tickets", "{'topics':['queue:mine']}", 201, 403),
            row("GET /openapi.json", null, () -> "/openapi.json", null, 200, 200),
            row("GET /keys", Scope.OPERATE, () -> "/keys", null, 200, 200),
            row("POST /keys", Scope.OPERATE, () -> "/keys", "KEY", 201, 403),
            row("DELETE /keys/{name}", Scope.OPERATE, () -> "/keys/" + key(), null, 200, 404)));

    private static Map.Entry<String, Row> row(
            String route,
            @Nullable Scope scope,
            Supplier<String> path,
            @Nullable String body,
            int right,
            int otherQueue) {
        return Map.entry(route, new Row(scope, path, body, right, otherQueue));
    }

    private static String fresh(String prefix) {
        return prefix + names.incrementAndGet();
    }

    private static String textOf(String kind) {
        return Objects.requireNonNull(KEYS.get(kind));
    }

    private static ServiceClient owner() {
        return service.client().with(textOf("right"));
    }

    private static String job() {
        return owner().submit("{'queue':'mine','type':'nobody'}");
    }

    private static String timing(String name) {
        return "{" + name + "'intervalMs':86400000,'job':{'queue':'mine','type':'nobody'}}";
    }

    private static String held(String more) {
        return "{'leaseToken':'1'" + more + "}";
    }

    private static String schedule() {
        String name = fresh("s-");
        owner().post("/schedules", timing("'name':'" + name + "',")).json(201);
        return name;
    }

    private static String key() {
        String name = fresh("k-");
        owner().post("/keys", "{'name':'" + name + "','scopes':['read'],'queues':'mine'}")
                .json(201);
        return name;
    }

    @BeforeAll
    static void makeKeys() {
        Set<Scope> all = EnumSet.allOf(Scope.class);
        KEYS.put("right", TestKeys.create(service.database(), "right", "*", all));
        KEYS.put("other", TestKeys.create(service.database(), "other", "other-*", all));
        KEYS.put(
                "expired",
                TestKeys.create(
                        service.database(), "expired", "*", all, Instant.now().minusSeconds(1), null));
        KEYS.put("revoked", TestKeys.create(service.database(), "revoked", "*", all));
        TestKeys.store(service.database()).revoke("revoked", "test");
        KEYS.put("wrong", KeyText.generate(new SecureRandom()).reveal());
        KEYS.put(
                "mistyped",
                textOf("right").substring(0, 40) + "0" + textOf("right").substring(41) + "1");
        for (Scope scope : all) {
            String name = "no-" + scope.wireName();
            KEYS.put(name, TestKeys.create(service.database(), name, "*", EnumSet.complementOf(EnumSet.of(scope))));
            String alone = "only-" + scope.wireName();
            KEYS.put(alone, TestKeys.create(service.database(), alone, "*", EnumSet.of(scope)));
        }
        await().until(() -> service.client().get("/queues").status() == 401);
        await().until(() -> owner().get("/queues").status() == 200);
        // The one that was made last, so that all the others are known too.
        String last = "only-" + List.copyOf(all).get(all.size() - 1).wireName();
        await().until(() ->
                service.client().with(textOf(last)).get("/openapi.json").status() == 200);
        schedule();
        job();
        key();
    }

    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        for (Method method : resourceMethods()) {
            for (Annotation annotation : method.getAnnotations()) {
                HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                if (verb != null) {
                    Path own = method.getAnnotation(Path.class);
                    routes.add(verb.value() + " "
                            + method.getDeclaringClass()
                                    .getAnnotation(Path.class)
                                    .value()
                                    .substring("/v1".length())
                            + (own == null ? "" : own.value()));
                }
            }
        }
        for (ServletMapping mapping : service.environment()
                .getApplicationContext()
                .getServletHandler()
                .getServletMappings()) {
            Arrays.stream(mapping.getPathSpecs())
                    .filter(path -> path.startsWith("/api/v1"))
                    .forEach(path -> routes.add("GET " + path.substring("/api/v1".length())));
        }
        return routes;
    }

    private static List<Method> resourceMethods() {
        List<Method> methods = new ArrayList<>();
        for (Class<?> resource :
                service.environment().jersey().getResourceConfig().getClasses()) {
            if (resource.isAnnotationPresent(Path.class)) {
                Arrays.stream(resource.getMethods())
                        .filter(method -> Arrays.stream(method.getAnnotations())
                                .anyMatch(annotation ->
                                        annotation.annotationType().isAnnotationPresent(HttpMethod.class)))
                        .forEach(methods::add);
            }
        }
        return methods;
    }

    @Test
    void every_route_is_answered_for() {
        assertThat(routes()).isEqualTo(ROWS.keySet());
    }

    @Test
    void every_resource_method_says_which_scope_it_needs() {
        assertThat(resourceMethods())
                .hasSizeGreaterThan(20)
                .allSatisfy(method -> assertThat(method.getAnnotation(Requires.class))
                        .as(method.toString())
                        .isNotNull());
    }

    /** What the description tells clients is what is asked of them. */
    @Test
    void every_route_needs_the_scope_that_its_description_names() {
        Map<String, String> described = new TreeMap<>();
        ApiContract.committed().operations().values().forEach(call -> {
            if (call.path().startsWith("/api/v1")) {
                described.put(
                        call.method() + " " + call.path().substring("/api/v1".length()),
                        call.operation().at("/security/0/key/0").asText());
            }
        });
        Map<String, String> asked = new TreeMap<>();
        ROWS.forEach((route, row) ->
                asked.put(route, row.scope() == null ? "" : row.scope().wireName()));
        assertThat(described).isEqualTo(asked);
    }

    @TestFactory
    Stream<DynamicTest> every_call_with_every_kind_of_key() {
        return ROWS.entrySet().stream().flatMap(entry -> {
            String route = entry.getKey();
            Row row = entry.getValue();
            List<DynamicTest> tests = new ArrayList<>();
            tests.add(unknown(route, row, null));
            for (String kind : List.of("wrong", "mistyped", "expired", "revoked")) {
                tests.add(unknown(route, row, kind));
            }
            Scope scope = row.scope();
            for (Scope any : scope == null ? Scope.values() : new Scope[0]) {
                tests.add(DynamicTest.dynamicTest(
                        route + " with a key without " + any,
                        () -> assertThat(
                                        call(route, row, "no-" + any.wireName()).statusCode())
                                .isEqualTo(row.right())));
            }
            if (scope != null) {
                tests.add(DynamicTest.dynamicTest(
                        route + " with a key for " + scope + " alone",
                        () -> assertThat(call(route, row, "only-" + scope.wireName())
                                        .statusCode())
                                .isEqualTo(row.right())));
                tests.add(DynamicTest.dynamicTest(route + " with a key for all but " + scope, () -> {
                    HttpResponse<InputStream> answer = call(route, row, "no-" + scope.wireName());
                    assertThat(body(answer)).contains("scope " + scope.wireName());
                    assertThat(answer.statusCode()).isEqualTo(403);
                    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                            .contains("insufficient_scope");
                }));
            }
            tests.add(DynamicTest.dynamicTest(route + " with a key for other queues", () -> {
                HttpResponse<InputStream> answer = call(route, row, "other");
                String body = body(answer);
                assertThat(answer.statusCode()).as(body).isEqualTo(row.otherQueue());
                if (answer.statusCode() == 200) {
                    assertThat(body).doesNotContain("\"" + QUEUE + "\"");
                }
            }));
            tests.add(DynamicTest.dynamicTest(route + " with a key for it", () -> {
                HttpResponse<InputStream> answer = call(route, row, "right");
                String body = body(answer);
                assertThat(answer.statusCode()).as(body).isEqualTo(row.right());
                if (row.otherQueue() == 200 && scope != null) {
                    assertThat(body).contains("\"" + QUEUE + "\"");
                }
            }));
            return tests.stream();
        });
    }

    private static DynamicTest unknown(String route, Row row, @Nullable String kind) {
        return DynamicTest.dynamicTest(route + " with " + (kind == null ? "no" : "a " + kind) + " key", () -> {
            HttpResponse<InputStream> answer = call(route, row, kind);
            String body = body(answer);
            assertThat(answer.statusCode()).as(body).isEqualTo(401);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Bearer realm=\"trayb\"");
            if (kind != null) {
                assertThat(body + answer.headers()).doesNotContain(textOf(kind));
            }
        });
    }

    private static HttpResponse<InputStream> call(String route, Row row, @Nullable String kind) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + service.port() + "/api/v1" + row.path().get()));
        String body = row.body();
        if (body != null) {
            String text = body.equals("NEW")
                    ? timing("'name':'" + fresh("n-") + "',")
                    : body.equals("KEY") ? "{'name':'" + fresh("n-") + "','scopes':['operate'],'queues':'mine'}" : body;
            request.header("Content-Type", "application/json");
            request.method(method(route), BodyPublishers.ofString(text.replace('\'', '"')));
        } else {
            request.method(method(route), BodyPublishers.noBody());
        }
        if (kind != null) {
            request.header("Authorization", "Bearer " + textOf(kind));
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
    }

    private static String method(String route) {
        return route.substring(0, route.indexOf(' '));
    }

    /** Of a stream, which doesn't end, nothing. */
    private static String body(HttpResponse<InputStream> answer) throws Exception {
        try (InputStream in = answer.body()) {
            return answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")
                    ? ""
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
