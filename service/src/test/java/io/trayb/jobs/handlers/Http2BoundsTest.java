package io.trayb.jobs.handlers;

import static io.trayb.jobs.handlers.FramedServer.CONTINUATION;
import static io.trayb.jobs.handlers.FramedServer.DATA;
import static io.trayb.jobs.handlers.FramedServer.ENABLE_PUSH;
import static io.trayb.jobs.handlers.FramedServer.END_HEADERS;
import static io.trayb.jobs.handlers.FramedServer.END_STREAM;
import static io.trayb.jobs.handlers.FramedServer.HEADERS;
import static io.trayb.jobs.handlers.FramedServer.PUSH_PROMISE;
import static io.trayb.jobs.handlers.FramedServer.STATUS_200;
import static io.trayb.jobs.handlers.FramedServer.header;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.JobFailure;
import io.trayb.testing.TestCertificate;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server answers over HTTP/2 to hold what is here: the bounds are those of {@link HttpBoundsTest}. */
final class Http2BoundsTest extends HttpCalls {
    private static final byte[] FINE_BODY = "fine".getBytes(US_ASCII);

    @TempDir
    static Path folder;

    private static TestCertificate certificate;

    @BeforeAll
    static void make_a_certificate() throws Exception {
        certificate = TestCertificate.of(folder, "http2", "ip:127.0.0.1");
    }

    private HttpHandler handler() {
        return handler(HttpTrust.with(certificate.certificate()), SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
    }

    private FramedServer server(FramedServer.Script script) throws Exception {
        return opened(new FramedServer(certificate, script));
    }

    /** The call ends and so does its connection; another attempt may find a better server. */
    private void endsTheCall(FramedServer server) throws Exception {
        HttpHandler handler = handler();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        closeAtTheEnd(threads::shutdownNow);

        Future<JobFailure> failure = threads.submit(() -> failure(handler, get(server.url())));

        assertThat(failure.get(10, TimeUnit.SECONDS))
                .isNotNull()
                .satisfies(failed -> assertThat(failed.isPermanent()).isFalse());
        await().atMost(Duration.ofSeconds(10)).until(() -> !server.hasOpen());
    }

    @Test
    void a_server_that_offers_it_is_spoken_to_in_http_2() throws Exception {
        FramedServer server = server((connection, stream) -> {
            connection.write(HEADERS, END_HEADERS, stream, STATUS_200);
            connection.writeBody(END_STREAM, stream, FINE_BODY);
        });

        assertThat(handler().run(get(server.url()), new LoneJob())).isEqualTo(FINE);
        assertThat(server.protocols).containsExactly("h2");
    }

    @Test
    void an_answer_without_end_costs_no_more_than_what_is_kept_of_it() throws Exception {
        byte[] part = "x".repeat(8_000).getBytes(US_ASCII);
        FramedServer endless = server((connection, stream) -> {
            connection.write(HEADERS, END_HEADERS, stream, STATUS_200);
            while (true) {
                connection.writeBody(0, stream, part);
            }
        });

        HttpHandler.Result result = (HttpHandler.Result) handler().run(get(endless.url()), new LoneJob());

        assertThat(result.body()).hasSize(64 * 1024);
        assertThat(result.truncated()).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> !endless.hasOpen());
    }

    @Test
    void more_than_the_client_has_room_for_ends_the_call() throws Exception {
        byte[] part = "x".repeat(16_000).getBytes(US_ASCII);
        endsTheCall(server((connection, stream) -> {
            connection.write(HEADERS, END_HEADERS, stream, STATUS_200);
            // To a stream that nobody opened, and that takes nothing.
            for (int i = 0; i < 1_000; i++) {
                connection.write(DATA, 0, stream + 2, part);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_header_list_without_end_ends_the_call(boolean ofLongOnes) throws Exception {
        byte[] part = header(0, "x", ofLongOnes ? "y".repeat(8_000) : "");
        endsTheCall(server((connection, stream) -> {
            connection.write(HEADERS, 0, stream, STATUS_200);
            while (true) {
                connection.write(CONTINUATION, 0, stream, part);
            }
        }));
    }

    /** One entry of the table, and ten thousand bytes each of which stands for it: forty megabytes. */
    @Test
    void a_small_header_block_that_stands_for_a_large_one_ends_the_call() throws Exception {
        byte[] again = new byte[10_000];
        Arrays.fill(again, (byte) (0x80 | 62));
        endsTheCall(server((connection, stream) -> connection.write(
                HEADERS, END_HEADERS, stream, STATUS_200, header(0x40, "x", "y".repeat(3_900)), again)));
    }

    @Test
    void pushes_are_declined_and_one_that_comes_all_the_same_ends_the_call() throws Exception {
        FramedServer pushing = server((connection, stream) -> connection.write(
                PUSH_PROMISE,
                END_HEADERS,
                stream,
                ByteBuffer.allocate(4).putInt(stream + 1).array(),
                STATUS_200));

        endsTheCall(pushing);
        assertThat(pushing.settings).containsEntry(ENABLE_PUSH, 0);
    }

    /** Empty parts of a header are nothing that a client could count as too much. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_answer_that_drips_ends_with_the_job(boolean inItsHeader) throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        closeAtTheEnd(enough::countDown);
        FramedServer dripping = server((connection, stream) -> {
            connection.write(HEADERS, inItsHeader ? 0 : END_HEADERS, stream, STATUS_200);
            while (!enough.await(5, TimeUnit.MILLISECONDS)) {
                if (inItsHeader) {
                    connection.write(CONTINUATION, 0, stream, new byte[0]);
                } else {
                    connection.writeBody(0, stream, new byte[] {'x'});
                }
            }
        });
        HttpHandler handler = handler();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        closeAtTheEnd(threads::shutdownNow);

        Future<?> call = threads.submit(() -> handler.run(get(dripping.url()), new LoneJob()));
        await().until(() -> !dripping.protocols.isEmpty());
        // As the job's time-out does.
        call.cancel(true);

        await().atMost(Duration.ofSeconds(10)).until(() -> !dripping.hasOpen());
    }
}
