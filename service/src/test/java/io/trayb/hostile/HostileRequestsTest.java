package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP that is bent: headers, methods, paths, queries. How a request ends is {@link HostileFramingTest}'s. */
class HostileRequestsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private static final String HOST = "Host: localhost\r\n";
    private static final String LAST = HOST + "Connection: close\r\n";
    private static final String JOB = "{\"type\":\"noop\"}";

    @AfterEach
    void it_is_still_there() {
        assertThat(service.client().get("/queues").status()).isEqualTo(200);
    }

    // Headers.

    @Test
    void headers_beyond_all_measure_are_refused() throws Exception {
        String many =
                IntStream.range(0, 10_000).mapToObj(i -> "X-" + i + ": v\r\n").collect(Collectors.joining());

        sent("GET /api/v1/jobs HTTP/1.1\r\n" + LAST + many + "\r\n").isRefusedOrCutOff(431);
        sent("GET /api/v1/jobs HTTP/1.1\r\n" + LAST + "X: " + "v".repeat(100_000) + "\r\n\r\n")
                .isRefusedOrCutOff(431);
        assertThat(sent("GET /api/v1/jobs HTTP/1.1\r\n" + LAST + many.substring(0, 9_000) + "\r\n\r\n")
                        .status())
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/events", "/api/v1/events/poll"})
    void ten_thousand_topics_are_refused_wherever_they_are(String path) throws Exception {
        String tooLong =
                IntStream.range(0, 10_000).mapToObj(i -> "topic=queue:q" + i).collect(Collectors.joining("&"));
        String fitting =
                IntStream.range(0, 400).mapToObj(i -> "topic=queue:q" + i).collect(Collectors.joining("&"));
        String body = IntStream.range(0, 10_000)
                .mapToObj(i -> "'queue:q" + i + "'")
                .collect(Collectors.joining(",", "{'topics':[", "]}"));

        sent("GET " + path + "?" + tooLong + " HTTP/1.1\r\n" + LAST + "\r\n").isRefusedOrCutOff(414);
        assertThat(sent("GET " + path + "?" + tooLong.substring(0, 9_000) + " HTTP/1.1\r\n" + LAST + "\r\n")
                        .status())
                .isEqualTo(414);
        assertThat(sent("GET " + path + "?" + fitting + " HTTP/1.1\r\n" + LAST + "\r\n")
                        .refusal()
                        .path("errors")
                        .path(0)
                        .path("field")
                        .asText())
                .isEqualTo("topic");
        assertThat(service.client().post("/events/tickets", body).wrongFields()).containsExactly("topics");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept|;;;,q=|application/json;q=nonsense|*|/|a/b/c|text/html;q=99999999999999999999|\"|@",
                "Accept-Language|;;;|xx-yy-zz;q=a|*;q=*|-|\"|,|;q=1|@",
                "Accept-Encoding|gzip;q=x|nonsense|;;;|*;q=0|\"|,|gzip,gzip,gzip|-",
                "Accept-Charset|utf-16|nonsense|;;;|*;q=0|\"|,|-|@",
                "Content-Type|;|application/json;q=nonsense|application/json; charset=nonsense|application/json; charset=utf-16|a/b/c|*/*|\"|application/json;;;",
                "If-None-Match|garbage|\"|W/|\"a\",\"b|*|W/\"|,|\"\\\"",
                "If-Modified-Since|yesterday|99999999999999999999|Thu, 99 Jan 0000 00:00:00 GMT|-1|0|,|\"|;",
                "If-Match|*|garbage|\"|W/\"x\"|,|;|\"a\",|-",
                "Range|bytes=0-|bytes=-|nonsense|bytes=9-1|bytes=0-0,0-0|items=1|,|-",
                "Content-Encoding|br|nonsense|gzip, gzip|identity|deflate|*|,|;",
                "Cookie|=|;;;|a=b; a=b; a=b|$Version=1|\"|a=\"|,|\u00ff",
                "Forwarded|for=|for=\"|for=1.1.1.1;host=evil|;;;|,|=|host=\"|proto=x",
                "X-Forwarded-For|1.1.1.1|evil|,|;|\"|::1|-|999.999.999.999",
                "X-Forwarded-Host|evil|evil:99999|\"|,|[|[::1|-|@",
                "Authorization|Bearer|Bearer |Basic x|Bearer x y|bearer traybkey_|Digest a=b|\"|,",
                "Idempotency-Key|\u00fc|a b|\"|,|;|-|a|\u007f",
                "Last-Event-ID|-|0-0|ffffffffffffffff-9223372036854775807-9223372036854775807|a|\"|,|;|99999999999999999999-0",
                "Upgrade|h2c|websocket|nonsense|,|;|-|TLS/1.0|\"",
                "Connection|upgrade|keep-alive, close|,|;|nonsense|\"|Host|Authorization",
            })
    void whatever_a_header_says_is_no_failure(
            String name, String a, String b, String c, String d, String e, String f, String g, String h)
            throws Exception {
        String id = service.client().submit(JOB.replace('"', '\''));
        for (String value : List.of(a, b, c, d, e, f, g, h)) {
            String header = name + ": " + value + "\r\n";
            for (String path :
                    List.of("/api/v1/jobs", "/api/v1/jobs/" + id, "/api/v1/events/poll?topic=jobs", "/", "/healthz")) {
                sent("GET " + path + " HTTP/1.1\r\n" + LAST + header + "\r\n").isNoFailure();
            }
            String type = name.equals("Content-Type") ? "" : "Content-Type: application/json\r\n";
            sent("POST /api/v1/jobs HTTP/1.1\r\n" + LAST + type + header + "Content-Length: " + JOB.length()
                            + "\r\n\r\n" + JOB)
                    .isNoFailure();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "x:99999", "x:-1", "[", "[::1", "evil\u0000", "\u00ff", "a,b", "@", "/", ""})
    void whatever_the_host_is_is_no_failure(String host) throws Exception {
        sent("GET /api/v1/jobs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .isNoFailure();
    }

    @Test
    void a_field_or_parameter_that_is_not_known_is_named_in_short() {
        String name = "n".repeat(5_000);

        for (ServiceClient.Answer answer : List.of(
                service.client().post("/jobs", "{'type':'noop','" + name + "':1}"),
                service.client().get("/jobs?" + name + "=1"),
                service.client().get("/events/poll?topic=jobs&" + name + "=1"))) {
            assertThat(answer.wrongFields()).containsExactly("n".repeat(100) + "…");
            assertThat(answer.body()).doesNotContain("n".repeat(101));
        }
    }

    // Methods.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BREW",
                "get",
                "TRACE",
                "PATCH",
                "PROPFIND",
                "CONNECT",
                "OPTIONS",
                "PRI",
                "G\u0000T",
                "\u00ff",
                "(",
                "LOCK"
            })
    void no_method_is_a_failure(String method) throws Exception {
        for (String path : List.of("/api/v1/jobs", "/api/v1/events", "/api/v1/keys", "/healthz", "/readyz", "/", "*")) {
            sent(method + " " + path + " HTTP/1.1\r\n" + LAST + "\r\n").isNoFailure();
        }
        sent("M".repeat(9_000) + " / HTTP/1.1\r\n" + LAST + "\r\n").refusal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"})
    void a_method_is_not_overridden(String header) throws Exception {
        String id = service.client().submit(JOB.replace('"', '\''));

        for (String method : List.of("GET", "POST")) {
            sent(method + " /api/v1/jobs/" + id + "?_method=DELETE&" + header + "=DELETE HTTP/1.1\r\n" + LAST + header
                            + ": DELETE\r\nContent-Length: 0\r\n\r\n")
                    .isNoFailure();
        }

        assertThat(service.client().job(id).path("state").asText()).isEqualTo("waiting");
    }

    // Paths.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs%2f..%2fkeys",
                "/api/v1/%2e%2e/keys",
                "/api/v1/..;/keys",
                "/api/v1/jobs/../keys",
                "/api/v1/./keys",
                "/api/v1/jobs/%00",
                "/api/v1/jobs/%0d%0aX-Evil:%201",
                "/api/v1//jobs",
                "//api/v1/jobs",
                "/api/v1/jobs;a=b",
                "/api/v1/jobs;/;",
                "/api/v1/jobs/;/pause",
                "/api;x/v1;y/jobs",
                "/api/v1/jobs%3flimit=1",
                "/api/v1/jobs%23",
                "/api\\v1\\jobs",
                "/api/v1/jobs/%c0%ae%c0%ae/",
                "/api/v1/jobs/%ff",
                "/api/v1/jobs/%u0041",
                "/api/v1/jobs/%",
                "/api/v1/jobs/%4",
                "/API/V1/JOBS",
                "/api/v1/jobs/",
                "/api/v1/jobs/%20",
                "/api/v1/jobs/\u00ff",
                "/api/v1/jobs/<script>",
                "/api/v1/jobs/{id}",
                "/api/v1/schedules/%2e",
                "/api/v1/schedules/..%252f",
                "/api/v1/queues/%2a/pause",
                "/api/application.wadl",
                "/api/v1/application.wadl",
                "http://evil.example/api/v1/jobs",
                "http://localhost:99999/api/v1/jobs",
                "//evil.example/",
                "evil.example:80",
                "?",
                "#",
                "/api/v1/jobs#fragment",
                "/client/../../etc/passwd",
                "/client/%2e%2e/trayb-events.js",
                "/metrics",
                "/tasks/gc",
                "/monitoring/rules.yml"
            })
    void no_path_is_a_failure(String path) throws Exception {
        for (String method : List.of("GET", "POST", "DELETE")) {
            RawAnswer answer = sent(method + " " + path + " HTTP/1.1\r\n" + LAST + "Content-Length: 0\r\n\r\n");
            answer.isNoFailure();
            assertThat(answer.text().lines()).noneMatch(line -> line.startsWith("X-Evil"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/metrics", "/tasks/gc", "/monitoring/rules.yml", "/threads", "/ping", "/healthcheck", "/pprof"})
    void what_is_for_operators_is_not_on_the_public_port(String path) throws Exception {
        assertThat(sent("GET " + path + " HTTP/1.1\r\n" + LAST + "\r\n")
                        .refusal()
                        .path("status")
                        .asInt())
                .isIn(404, 405);
        assertThat(sent("POST " + path + " HTTP/1.1\r\n" + LAST + "Content-Length: 0\r\n\r\n")
                        .status())
                .isIn(404, 405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue=%zz",
                "queue=%ff",
                "queue=%00",
                "queue=%ed%a0%80",
                "%zz=1",
                "queue=a&queue=b",
                "limit=%2b5",
                "limit=99999999999999999999",
                "limit=-1",
                "limit=1e3",
                "limit=\u0663",
                "state=%0d%0a",
                "type=%27%20or%201=1--",
                "cursor=%00",
                "&&&=&=",
                "=",
                "queue",
                "queue=a;limit=5",
                "topic=jobs&after=%00",
                "topic=%00",
                "topic=queue:%0a",
                "topic=job:%e2%80%ae",
                "topic=jobs&timeoutMs=0x10",
                "topic=jobs&ticket=%00",
                "topic=jobs&ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "<>\"{}|^`\\",
                "a[]=1"
            })
    void no_query_is_a_failure(String query) throws Exception {
        for (String path : List.of(
                "/api/v1/jobs",
                "/api/v1/schedules",
                "/api/v1/queues",
                "/api/v1/events",
                "/api/v1/events/poll",
                "/api/v1/keys",
                "/")) {
            if (path.equals("/api/v1/events") && query.equals("topic=jobs")) {
                continue;
            }
            sent("GET " + path + "?" + query + " HTTP/1.1\r\n" + LAST + "\r\n").isNoFailure();
        }
    }

    private static RawAnswer sent(String request) throws IOException {
        return RawAnswer.to(service.port(), request);
    }
}
