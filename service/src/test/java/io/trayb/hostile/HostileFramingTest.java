package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.RunningService;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends, said in two ways, wrongly, or not at all: lengths, chunks, trailers, pipelines, compressed bodies. */
class HostileFramingTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private static final String HOST = "Host: localhost\r\n";
    private static final String LAST = HOST + "Connection: close\r\n";
    private static final String JOB = "{\"type\":\"noop\"}";

    @AfterEach
    void it_is_still_there() {
        assertThat(service.client().get("/queues").status()).isEqualTo(200);
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
