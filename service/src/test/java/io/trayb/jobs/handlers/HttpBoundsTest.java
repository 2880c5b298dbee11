package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.JobFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server answers, and what a payload has sent, to hold what is here or to say what nobody wrote. */
final class HttpBoundsTest extends HttpCalls {
    // What comes back.

    @Test
    void an_answer_without_end_costs_no_more_than_what_is_kept_of_it() throws Exception {
        ScriptedServer endless = opened(new ScriptedServer(out -> {
            ScriptedServer.write(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            while (true) {
                ScriptedServer.write(out, "x".repeat(8_000));
            }
        }));

        HttpHandler.Result result = (HttpHandler.Result)
                handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1").run(get(url(endless)), new LoneJob());

        assertThat(result.body()).hasSize(64 * 1024);
        assertThat(result.truncated()).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> !endless.hasOpen());
    }

    @Test
    void the_connection_of_each_of_many_such_answers_is_closed() throws Exception {
        ScriptedServer endless = opened(new ScriptedServer(out -> {
            ScriptedServer.write(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            while (true) {
                ScriptedServer.write(out, "x".repeat(70_000));
            }
        }));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
        ExecutorService threads = Executors.newFixedThreadPool(16);
        closeAtTheEnd(threads::shutdownNow);

        List<Future<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            calls.add(threads.submit(() -> handler.run(get(url(endless)), new LoneJob())));
        }
        for (Future<Object> call : calls) {
            assertThat(((HttpHandler.Result) call.get(10, TimeUnit.SECONDS)).truncated())
                    .isTrue();
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> !endless.hasOpen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "line", "status"})
    void a_header_without_end_ends_the_call(String part) throws Exception {
        ScriptedServer endless = opened(new ScriptedServer(out -> {
            ScriptedServer.write(out, part.equals("status") ? "HTTP/1.1 200 " : "HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                ScriptedServer.write(out, part.equals("header") ? "y\r\nX: " : "y".repeat(1_000));
            }
        }));

        JobFailure failure = failure(handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1"), get(url(endless)));

        assertThat(failure.isPermanent()).isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> !endless.hasOpen());
    }

    @Test
    void an_answer_that_drips_ends_with_the_job() throws Exception {
        ScriptedServer dripping = opened(new ScriptedServer(out -> {
            ScriptedServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            while (true) {
                ScriptedServer.write(out, "x");
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        closeAtTheEnd(threads::shutdownNow);

        Future<?> call = threads.submit(() -> handler.run(get(url(dripping)), new LoneJob()));
        await().until(() -> !dripping.heard.isEmpty());
        // As the job's time-out does.
        call.cancel(true);

        await().atMost(Duration.ofSeconds(10)).until(() -> !dripping.hasOpen());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\r\nContent-Type: text/plain; charset=nonsense\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine",
                "200 OK\r\nContent-Type: ;;;\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine",
                "200 OK\r\nContent-Length: -5\r\n\r\nfine",
                "200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nfine",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nfine\r\n0\r\n\r\n",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nfine",
                "999 What\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "abc\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            })
    void an_answer_against_the_rules_ends_the_call_one_way_or_the_other(String answer) throws Exception {
        ScriptedServer server = opened(ScriptedServer.answering(answer));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        closeAtTheEnd(threads::shutdownNow);

        Future<Object> call = threads.submit(() -> {
            try {
                return handler.run(payload("GET", url(server), null, null, 3), new LoneJob());
            } catch (JobFailure failure) {
                return failure;
            }
        });

        assertThat(call.get(10, TimeUnit.SECONDS)).isInstanceOfAny(HttpHandler.Result.class, JobFailure.class);
    }

    // What is sent.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "host",
                "Content-Length",
                "Transfer-Encoding",
                "Connection",
                "Upgrade",
                "TE",
                "Trailer",
                "Expect",
                "Proxy-Authorization",
                "X Y",
                "X:",
                "X\r\nY",
                "",
                "X\u0000",
                "Ü"
            })
    void a_header_that_would_say_where_the_request_ends_or_is_none_is_refused(String name) throws Exception {
        ScriptedServer server = opened(ScriptedServer.answering(OK));

        JobFailure failure = failure(
                handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1"),
                payload("GET", url(server), Map.of(name, "1"), null, null));

        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure).hasMessageContaining("payload.headers");
        assertThat(server.heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u0000", "ü", "a\u0085b", "a\u007f"})
    void a_value_that_would_begin_another_header_is_refused(String value) throws Exception {
        ScriptedServer server = opened(ScriptedServer.answering(OK));
        Map<String, String> headers = Map.of("X-Mine", value);

        assertThat(failure(
                        handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1"),
                        payload("GET", url(server), headers, null, null)))
                .hasMessageContaining("'X-Mine'");
        assertThat(server.heard).isEmpty();
    }

    @Test
    void headers_without_a_value_or_too_many_of_them_are_refused() {
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
        Map<String, String> none = new HashMap<>();
        none.put("X-Mine", null);
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("X-" + i, "1");
        }

        assertThat(failure(handler, payload("GET", "http://127.0.0.1/", none, null, null)))
                .hasMessageContaining("'X-Mine'");
        assertThat(failure(handler, payload("GET", "http://127.0.0.1/", many, null, null)))
                .hasMessageContaining("at most 100");
        assertThat(failure(handler, payload("GET", "http://127.0.0.1/", Map.of("X", "x".repeat(9_000)), null, null)))
                .hasMessageContaining("'X'");
    }

    @Test
    void a_content_type_of_ones_own_is_sent_once() throws Exception {
        ScriptedServer server = opened(ScriptedServer.answering(OK));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");

        handler.run(payload("POST", url(server), Map.of("content-type", "text/xml"), "<a/>", null), new LoneJob());

        assertThat(server.heard.get(0))
                .containsOnlyOnce("Content-Type: text/xml")
                .doesNotContain("content-type");
        assertThat(failure(
                        handler,
                        payload("POST", url(server), Map.of("Content-Type", "text/xml; charset=nonsense"), "x", null)))
                .hasMessageContaining("Content-Type");
    }
}
