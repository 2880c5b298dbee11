package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP that is bent. */
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
    @ValueSource(
            strings = {
                "X: a\u0000b",
                "X: a\rb",
                "X: a\u0001b",
                "X\u0000: a",
                "X Y: a",
                "X : a",
                ": a",
                "X",
                "X: a\r\n folded",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 5",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: nonsense",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:\u000bchunked",
                "Host: other",
                "Expect: miracles"
            })
    void a_header_that_can_be_read_in_two_ways_is_no_failure(String header) throws Exception {
        sent("POST /api/v1/jobs HTTP/1.1\r\n" + LAST + "Content-Type: application/json\r\n" + header + "\r\n\r\nhello")
                .isNoFailure();
    }

    /** Each says in more than one way where its body ends; in one of them a second request follows, which nobody sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: ALL",
                "Content-Length: ALL\r\nContent-Length: 5",
                "Content-Length: 5, ALL",
                "Content-Length: 5, 5",
                "Content-Length: +5",
                "Content-Length: 5 5",
                "Content-Length: 0x5",
                "Content-Length : 5",
                "Content-Length: ALL\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: ALL",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: nonsense\r\nContent-Length: 5",
                "Transfer-Encoding: identity\r\nContent-Length: 5",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\r\n chunked",
                "X: a\r\n Content-Length: 5",
                "X: a\r\n\tTransfer-Encoding: chunked",
                " Content-Length: 5",
                "Content-Length: 5\r\n folded"
            })
    void a_request_that_ends_in_two_places_is_refused_and_what_follows_it_is_not_heard(String header) throws Exception {
        String id = service.client().submit("{'type':'noop'}");

        RawAnswer answer = sent(withAnotherBehind(header, id));

        assertThat(answer.text().split("HTTP/1\\.1 ", -1)).as(answer.text()).hasSize(2);
        answer.refusal();
        assertThat(service.client().job(id).path("state").asText()).isEqualTo("waiting");
    }

    /** That the one above could see it. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked"})
    void a_request_that_ends_in_one_place_is_followed_by_the_next(String header) throws Exception {
        String id = service.client().submit("{'type':'noop'}");

        RawAnswer answer = sent(withAnotherBehind(header, id));

        assertThat(answer.text().split("HTTP/1\\.1 ", -1)).as(answer.text()).hasSize(3);
        assertThat(service.client().job(id).path("state").asText()).isEqualTo("cancelled");
    }

    /** The body's first five bytes are a body of chunks too; what follows cancels a job. */
    private static String withAnotherBehind(String header, String id) {
        String body = "0\r\n\r\nDELETE /api/v1/jobs/" + id + " HTTP/1.1\r\n" + HOST + "\r\n";
        return "POST /api/v1/jobs HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n"
                + header.replace("ALL", Integer.toString(body.length())) + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept|;;;,q=|application/json;q=nonsense|*|/|a/b/c|text/html;q=99999999999999999999|\"|@",
                "Accept-Language|;;;|xx-yy-zz;q=a|*;q=*|-|\"|,|;q=1|@",
                "Accept-Encoding|gzip;q=x|nonsense|;;;|*;q=0|\"|,|gzip,gzip,gzip|-",
                "Accept-Charset|utf-16|nonsense|;;;|*;q=0|\"|,|-|@",
                "Content-Type|;|application|application/json; charset=nonsense|application/json; charset=utf-16|a/b/c|*/*|\"|application/json;;;",
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

    // Bodies, as HTTP has them.

    @Test
    void requests_that_come_all_at_once_are_answered_one_by_one_in_order() throws Exception {
        StringBuilder pipeline = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            // A body that looks like a request is none.
            String body = i % 2 == 0
                    ? "{\"type\":\"noop\",\"payload\":\"GET /api/v1/keys HTTP/1.1\\r\\n\"}"
                    : "{\"type\":\"no such type " + i + "\"}";
            pipeline.append("POST /api/v1/jobs HTTP/1.1\r\n" + HOST
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
        pipeline.append("GET /healthz HTTP/1.1\r\n" + LAST + "\r\n");

        List<String> statuses = new ArrayList<>();
        Matcher answers = Pattern.compile("HTTP/1\\.1 (\\d{3})")
                .matcher(sent(pipeline.toString()).text());
        while (answers.find()) {
            statuses.add(answers.group(1));
        }

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            expected.add(i % 2 == 0 ? "201" : "400");
        }
        expected.add("200");
        assertThat(statuses).isEqualTo(expected);
    }

    @Test
    void trailers_say_nothing() throws Exception {
        String request = "POST /api/v1/jobs HTTP/1.1\r\n" + LAST
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: Idempotency-Key, Authorization\r\n\r\n"
                + "f;ext=\"x\"\r\n" + JOB
                + "\r\n0\r\nIdempotency-Key: from-a-trailer\r\nAuthorization: Bearer x\r\nContent-Length: 99\r\n\r\n";

        assertThat(sent(request).status()).as(sent(request).text()).isEqualTo(201);
        // Taken as a header it would have been the first one's.
        assertThat(sent(request).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "ffffffffffffffffff\r\nhello",
                "7fffffff\r\nhello",
                "5\r\nhelloX0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "5\nhello\n0\n\n",
                "0\r\nX: 1",
                "",
                "5\r\nhel"
            })
    void chunks_that_are_none_are_refused(String chunks) throws Exception {
        RawAnswer answer = sent("POST /api/v1/jobs HTTP/1.1\r\n" + LAST
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

        assertThat(answer.refusal().path("status").asInt()).isEqualTo(400);
    }

    @Test
    void trailers_beyond_all_measure_are_refused() throws Exception {
        String trailers =
                IntStream.range(0, 900).mapToObj(i -> "X-" + i + ": v\r\n").collect(Collectors.joining());

        sent("POST /api/v1/jobs HTTP/1.1\r\n" + LAST
                        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + JOB
                        + "\r\n0\r\n" + trailers + "\r\n")
                .refusal();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs",
                "/api/v1/jobs/batch",
                "/api/v1/events/tickets",
                "/api/v1/schedules",
                "/api/v1/keys"
            })
    void a_body_that_grows_without_end_when_it_is_unpacked_is_refused(String path) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"type\":\"".getBytes(StandardCharsets.US_ASCII));
            byte[] zeros = new byte[1024 * 1024];
            java.util.Arrays.fill(zeros, (byte) 'a');
            for (int i = 0; i < 200; i++) {
                gzip.write(zeros);
            }
        }

        assertThat(gzipped(path, packed.toByteArray()).refusal().path("status").asInt())
                .isEqualTo(413);
    }

    @Test
    void a_body_that_says_gzip_and_is_none_is_refused() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(JOB.getBytes(StandardCharsets.US_ASCII));
        }
        byte[] good = packed.toByteArray();
        byte[] cut = java.util.Arrays.copyOf(good, good.length - 10);
        byte[] bent = good.clone();
        bent[12] ^= 0x55;
        byte[] wrongSum = good.clone();
        wrongSum[good.length - 6] ^= 0x55;

        assertThat(gzipped("/api/v1/jobs", good).status()).isEqualTo(201);
        for (byte[] bad : List.of(JOB.getBytes(StandardCharsets.US_ASCII), bent, new byte[] {0x1f, 0x2f})) {
            assertThat(gzipped("/api/v1/jobs", bad).refusal().path("status").asInt())
                    .isEqualTo(400);
        }
        // Of a body that is whole, Jetty doesn't miss what comes after it.
        for (byte[] odd : List.of(cut, wrongSum, new byte[] {0x1f}, new byte[0])) {
            gzipped("/api/v1/jobs", odd).isNoFailure();
        }
    }

    private static RawAnswer gzipped(String path, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(("POST " + path + " HTTP/1.1\r\n" + LAST
                        + "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        return RawAnswer.to(service.port(), request.toByteArray());
    }

    private static RawAnswer sent(String request) throws IOException {
        return RawAnswer.to(service.port(), request);
    }
}
