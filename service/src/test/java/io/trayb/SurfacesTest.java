package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.keys.api.Audit;
import io.trayb.monitoring.catalog.HttpMetrics;
import io.trayb.monitoring.catalog.RefusedRequests;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.LoggedLines;
import io.trayb.testing.RawHttp;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both ports show to whom, beside the calls themselves. */
class SurfacesTest {
    private static final String ORIGIN = "https://app.example.org";

    @RegisterExtension
    static final RunningService service =
            RunningService.with(Map.of("CORS_ALLOWED_ORIGINS", ORIGIN + ", http://localhost:3000"));

    private static String operator = "";
    private static String reader = "";
    private static String narrow = "";

    @BeforeAll
    static void make_keys() {
        operator = TestKeys.create(service.database(), "operator", "*", EnumSet.allOf(Scope.class));
        reader = TestKeys.create(service.database(), "reader", "*", Set.of(Scope.READ), null, "1000/h");
        narrow = TestKeys.create(service.database(), "narrow", "mail-*", EnumSet.allOf(Scope.class));
        for (String key : List.of(operator, reader, narrow)) {
            await().until(() -> service.client().with(key).get("/queues").status() == 200);
        }
        // Until then the service hasn't heard of them, and lets everybody in.
        await().until(() -> service.client().get("/queues").status() == 401);
    }

    private static String sent(int port, String line, String... headers) throws Exception {
        String[] all = new String[headers.length + 1];
        all[0] = "Host: localhost:" + port;
        System.arraycopy(headers, 0, all, 1, headers.length);
        return RawHttp.send(port, line, all).toLowerCase(Locale.ROOT);
    }

    // Two ports.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /metrics",
                "GET /monitoring/rules.yml",
                "GET /monitoring/thresholds.json",
                "GET /threads",
                "GET /ping",
                "GET /healthcheck",
                "GET /pprof",
                "POST /tasks/gc",
                "POST /tasks/log-level",
                "POST /tasks/sse?enabled=false"
            })
    void nothing_of_the_operators_is_on_the_public_port(String call) throws Exception {
        assertThat(sent(service.port(), call, "Authorization: Bearer " + operator))
                .containsPattern("^http/1.1 40[45] ");
    }

    private static List<String> audited(LoggedLines lines) {
        return lines.messages().stream()
                .map(ServiceClient::parse)
                // The refusal of another test's preflight may be written as late as that.
                .filter(line -> line.path("method").asText().equals("POST"))
                .map(line -> line.path("key").asText() + " " + line.path("path").asText() + " "
                        + line.path("status").asInt() + " " + line.path("what"))
                .toList();
    }

    @Test
    void whoever_switches_something_needs_a_key_to_operate_all_queues_and_is_written_down() throws Exception {
        int admin = service.adminPort();
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            assertThat(sent(admin, "POST /tasks/gc"))
                    .startsWith("http/1.1 401")
                    .contains("www-authenticate: bearer", "application/problem+json");
            assertThat(sent(admin, "POST /tasks/gc", "Authorization: Bearer " + reader))
                    .startsWith("http/1.1 403")
                    .contains("scope operate");
            assertThat(sent(admin, "POST /tasks/gc", "Authorization: Bearer " + narrow))
                    .startsWith("http/1.1 403")
                    .contains("mail-* only");
            assertThat(sent(admin, "POST /tasks/gc", "Authorization: Bearer " + operator))
                    .startsWith("http/1.1 200");
            assertThat(sent(admin, "POST /tasks/sse?enabled=true", "Authorization: Bearer " + operator))
                    .startsWith("http/1.1 200");
            assertThat(sent(admin, "GET /metrics")).startsWith("http/1.1 200");
            assertThat(sent(
                            admin,
                            "POST /tasks/sse?enabled=true&apiToken=geheim&note=" + operator,
                            "Authorization: Bearer " + operator))
                    .startsWith("http/1.1 200");
            // Some lines are written when the client has its answer already.
            await().untilAsserted(
                            () -> assertThat(audited(lines))
                                    .containsExactlyInAnyOrder(
                                            "null /tasks/gc 401 {}",
                                            "reader /tasks/gc 403 {}",
                                            "narrow /tasks/gc 403 {}",
                                            "operator /tasks/gc 200 {}",
                                            "operator /tasks/sse 200 {\"enabled\":[\"true\"]}",
                                            "operator /tasks/sse 200 {\"enabled\":[\"true\"],\"apiToken\":{\"characters\":6},\"note\":{\"characters\":71}}"));
        }
    }

    // Browsers.

    @Test
    void pages_load_nothing_but_their_style_and_are_shown_in_no_frame() throws Exception {
        for (int port : new int[] {service.port(), service.adminPort()}) {
            var page = HttpAnswers.get(port, "/");
            assertThat(page.headers().firstValue("Content-Security-Policy"))
                    .hasValue("default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'");
            assertThat(page.body()).doesNotContain("<style", "style=", "<script", "onclick", "javascript:");
            var style = HttpAnswers.get(port, "/style.css");
            assertThat(style.statusCode()).isEqualTo(200);
            assertThat(style.headers().firstValue("Content-Type")).hasValue("text/css; charset=utf-8");
            assertThat(style.body()).contains("body {");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/style.css", "/client/trayb-events.js", "/api/v1/jobs", "/readyz", "/nothing"})
    void every_answer_keeps_browsers_from_guessing_and_from_telling(String path) throws Exception {
        var answer = HttpAnswers.get(service.port(), path);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    }

    @Test
    void a_browser_that_asks_before_a_call_is_told_what_a_page_of_an_allowed_origin_may_do() throws Exception {
        for (String origin : List.of(ORIGIN, "http://localhost:3000")) {
            assertThat(sent(
                            service.port(),
                            "OPTIONS /api/v1/jobs",
                            "Origin: " + origin,
                            "Access-Control-Request-Method: POST",
                            "Access-Control-Request-Headers: authorization, content-type"))
                    .startsWith("http/1.1 200")
                    .contains("access-control-allow-origin: " + origin + "\r\n")
                    .contains("access-control-max-age: 600\r\n")
                    .containsPattern("access-control-allow-methods: [a-z, ]*delete")
                    .containsPattern("access-control-allow-headers: [a-z, -]*authorization")
                    .containsPattern("vary: [a-z, -]*origin")
                    .doesNotContain("allow-credentials");
        }
    }

    @Test
    void a_page_of_an_allowed_origin_may_read_the_answer_and_the_headers_of_the_contract_and_refusals_too()
            throws Exception {
        assertThat(sent(service.port(), "GET /api/v1/queues", "Origin: " + ORIGIN, "Authorization: Bearer " + operator))
                .startsWith("http/1.1 200")
                .contains("access-control-allow-origin: " + ORIGIN + "\r\n")
                .containsPattern("access-control-expose-headers: [a-z, -]*etag")
                .containsPattern("access-control-expose-headers: [a-z, -]*retry-after")
                .containsPattern("vary: [a-z, -]*origin");
        assertThat(sent(service.port(), "GET /api/v1/queues", "Origin: " + ORIGIN))
                .startsWith("http/1.1 401")
                .contains("access-control-allow-origin: " + ORIGIN + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://app.example.org",
                "https://app.example.org.evil.example",
                "https://app-example.org",
                "https://app.example.org:8443",
                "null"
            })
    void a_page_of_any_other_origin_may_not(String origin) throws Exception {
        assertThat(sent(
                        service.port(),
                        "OPTIONS /api/v1/jobs",
                        "Origin: " + origin,
                        "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: authorization"))
                .doesNotContain("access-control-allow");
        assertThat(sent(service.port(), "GET /api/v1/queues", "Origin: " + origin, "Authorization: Bearer " + operator))
                .doesNotContain("access-control");
    }

    @Test
    void the_operators_port_is_no_pages_whatever_its_origin() throws Exception {
        assertThat(sent(
                        service.adminPort(),
                        "OPTIONS /tasks/gc",
                        "Origin: http://localhost:3000",
                        "Access-Control-Request-Method: POST"))
                .doesNotContain("access-control-allow");
    }

    // Refusals.

    @Test
    void refusals_are_counted_by_why_and_each_reason_is_there_from_the_start() throws Exception {
        Map<String, Double> before = refusals();
        assertThat(before.keySet()).containsExactlyInAnyOrderElementsOf(RefusedRequests.REASON.values());

        service.client().get("/jobs").problem(401);
        service.client().with("traybkey_nonsense").get("/jobs").problem(401);
        service.client().with(reader).post("/jobs", "{'type':'noop'}").problem(403);
        service.client()
                .with(narrow)
                .post("/jobs", "{'type':'noop','queue':'other'}")
                .problem(403);
        service.client()
                .with(narrow)
                .post("/keys", "{'name':'wider','scopes':['read']}")
                .problem(403);
        service.client().get("/events?ticket=" + "A".repeat(32)).problem(401);
        service.client().with(reader).get("/jobs/no-such-job").problem(404);
        String once = TestKeys.create(service.database(), "once", "*", Set.of(Scope.READ), null, "1/h");
        await().until(() -> service.client().with(once).get("/queues").status() != 401);
        service.client().with(once).get("/queues").problem(429);

        Map<String, Double> after = refusals();
        Map<String, Double> more = after.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue() - before.get(entry.getKey())));
        assertThat(more.get("bad-key")).isGreaterThanOrEqualTo(1);
        assertThat(more.get("rate")).isGreaterThanOrEqualTo(1);
        more.keySet().removeAll(Set.of("bad-key", "rate"));
        assertThat(more)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "no-key", 1.0,
                        "ticket", 1.0,
                        "scope", 1.0,
                        "queue", 1.0,
                        "grant", 1.0,
                        "elsewhere", 0.0,
                        "open-streams", 0.0,
                        "other", 0.0));
    }

    /** A filter that ran ahead of the timer's would keep what it refuses from being counted. */
    @Test
    void what_is_refused_is_timed_like_every_other_call() throws Exception {
        service.client().get("/jobs").problem(401);
        await().untilAsserted(() -> assertThat(
                        HttpAnswers.get(service.adminPort(), "/metrics").body())
                .containsPattern(HttpMetrics.REQUEST_DURATION.name()
                        + "_count\\{method=\"GET\",route=\"unmatched\",status=\"401\",}"));
    }

    private static Map<String, Double> refusals() throws Exception {
        String metrics = HttpAnswers.get(service.adminPort(), "/metrics").body();
        Matcher samples = Pattern.compile(RefusedRequests.REFUSED.name() + "\\{reason=\"([a-z-]+)\",} ([0-9.]+)")
                .matcher(metrics);
        return samples.results()
                .collect(Collectors.toMap(sample -> sample.group(1), sample -> Double.valueOf(sample.group(2))));
    }
}
