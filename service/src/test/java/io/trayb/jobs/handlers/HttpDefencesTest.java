package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.trayb.jobs.JobFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code http} job type in the hands of somebody who wants to reach what is inside, or to hold what is here. */
class HttpDefencesTest {
    private static final String OK = "200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine";
    private static final HttpHandler.Result FINE = new HttpHandler.Result(200, "fine", false);
    private static final String SECRET = "s3cr3t-Of-The-Hook";

    @TempDir
    Path secrets;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    // Where a call may go.

    @Test
    void a_name_that_changes_its_address_after_the_first_call_is_not_followed_there() throws Exception {
        ScriptedServer meant = opened(ScriptedServer.answering(OK));
        ScriptedServer inside = opened(
                new ScriptedServer("127.0.0.2", meant.port(), out -> ScriptedServer.write(out, "HTTP/1.1 " + OK)));
        HttpHandler handler =
                handler(names("rebound.example", "127.0.0.1", "127.0.0.2"), "rebound.example", "127.0.0.1");
        String url = "http://rebound.example:" + meant.port() + "/";

        assertThat(handler.run(get(url), new LoneJob())).isEqualTo(FINE);
        JobFailure failure = failure(handler, get(url));

        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure).hasMessageContaining("isn't public");
        assertThat(inside.heard).isEmpty();
    }

    @Test
    void a_call_looks_its_name_up_once_and_goes_to_exactly_what_was_looked_at() throws Exception {
        ScriptedServer meant = opened(ScriptedServer.answering(OK));
        // The second answer would be the one that counts if anybody asked twice.
        HttpHandler handler = handler(names("twice.example", "127.0.0.1", "127.0.0.2"), "twice.example", "127.0.0.1");

        assertThat(handler.run(get("http://twice.example:" + meant.port() + "/"), new LoneJob()))
                .isEqualTo(FINE);
    }

    @Test
    void of_several_addresses_only_those_that_may_be_called_are_tried() throws Exception {
        ScriptedServer meant = opened(ScriptedServer.answering(OK));
        ScriptedServer inside = opened(
                new ScriptedServer("127.0.0.2", meant.port(), out -> ScriptedServer.write(out, "HTTP/1.1 " + OK)));
        HttpHandler handler = handler(names("both.example", "127.0.0.2,127.0.0.1"), "both.example", "127.0.0.1");

        assertThat(handler.run(get("http://both.example:" + meant.port() + "/"), new LoneJob()))
                .isEqualTo(FINE);
        assertThat(inside.heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "10.0.0.1",
                "169.254.169.254",
                "192.168.0.1",
                "168.63.129.16",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "fe80::1",
                "fd00:ec2::254"
            })
    void a_name_that_leads_inside_is_not_connected_to_on_any_port(String address) throws Exception {
        HttpHandler handler = handler(names("inside.example", address), "inside.example");

        for (String port : List.of("", ":80", ":8080")) {
            JobFailure failure = failure(handler, get("http://inside.example" + port + "/latest/meta-data/"));
            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure).hasMessageContaining("isn't public");
        }
    }

    /** Each would be 127.0.0.1 to one library or another. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://017700000001/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://0/",
                "http://127.0.0.1./",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::1]/",
                "http://[::]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::1%25lo]/",
                "http://[64:ff9b::7f00:1]/",
                "http://169.254.169.254/latest/meta-data/",
                "http://\u2460\u2461\u2466.0.0.1/",
                "http://127\u30020\u30020\u30021/",
                "http://localhost/",
                "http://hooks.example.com@127.0.0.1/",
                "http://hooks.example.com:secret@127.0.0.1/",
                "http://127.0.0.1#@hooks.example.com/",
                "http://127.0.0.1\\@hooks.example.com/",
                "http://hooks.example.com%2f@127.0.0.1/",
                "http://hooks.example.com.evil.example/",
                "http://evil.example/hooks.example.com",
                "http://hooks.example.com:0/",
                "http://hooks.example.com:65536/",
                "http://hooks.example.com:99999999999/",
                "http://hooks.example.com:-1/",
                "//hooks.example.com/",
                "hooks.example.com",
                "file:///etc/passwd",
                "gopher://hooks.example.com/",
                "jar:http://hooks.example.com!/x",
                "http:hooks.example.com",
                "http:///hooks.example.com",
                "http://hooks.example.com\r\nX: y/",
                "http:// hooks.example.com/",
                ""
            })
    void a_url_that_leads_elsewhere_than_it_seems_is_refused_for_good_before_anything_is_opened(String url) {
        HttpHandler handler = handler(names("none.example", "127.0.0.1"), "hooks.example.com");

        JobFailure failure = failure(handler, get(url));

        assertThat(failure.isPermanent()).as(failure.toString()).isTrue();
        assertThat(failure).hasMessageMatching("(?s)payload\\.url .*must.*|host .*HTTP_JOB_ALLOW.*");
    }

    @Test
    void a_user_in_a_url_is_not_repeated_in_the_error() {
        assertThat(failure(
                        handler(names("x.example", "127.0.0.1"), "hooks.example.com"),
                        get("http://u:hush@hooks.example.com/")))
                .hasMessageNotContaining("hush");
    }

    @Test
    void a_port_that_is_not_listed_is_not_called() throws Exception {
        ScriptedServer server = opened(ScriptedServer.answering(OK));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1:1");

        assertThat(failure(handler, get(url(server)))).hasMessageContaining("on port " + server.port());
        assertThat(server.heard).isEmpty();
    }

    // Redirects.

    @Test
    void a_redirect_is_followed_only_if_it_was_asked_for() throws Exception {
        ScriptedServer target = opened(ScriptedServer.answering(OK));
        ScriptedServer first = opened(redirecting(302, url(target)));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");

        assertThat(((HttpHandler.Result) handler.run(get(url(first)), new LoneJob())).status())
                .isEqualTo(302);
        assertThat(target.heard).isEmpty();
        assertThat(handler.run(payload("GET", url(first), null, null, 1), new LoneJob()))
                .isEqualTo(FINE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.2/",
                "http://localhost/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::1]/",
                "http://2130706433/",
                "file:///etc/passwd",
                "http://u:p@127.0.0.1/",
                "//127.0.0.2/",
                "http://"
            })
    void each_redirect_is_checked_like_the_first_url(String target) throws Exception {
        ScriptedServer first = opened(redirecting(307, target));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");

        JobFailure failure = failure(handler, payload("GET", url(first), null, null, 5));

        assertThat(failure.isPermanent()).as(failure.toString()).isTrue();
    }

    @Test
    void a_redirect_by_a_name_that_leads_inside_is_not_connected_to() throws Exception {
        ScriptedServer first = opened(redirecting(302, "http://inside.example:8080/"));
        HttpHandler handler = handler(names("inside.example", "127.0.0.2"), "127.0.0.1", "inside.example");

        assertThat(failure(handler, payload("GET", url(first), null, null, 5)).isPermanent())
                .isTrue();
    }

    @Test
    void a_circle_of_redirects_ends() throws Exception {
        ScriptedServer circle = opened(new ScriptedServer(out -> ScriptedServer.write(
                out, "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");

        HttpHandler.Result result =
                (HttpHandler.Result) handler.run(payload("GET", url(circle), null, null, 10), new LoneJob());

        assertThat(result.status()).isEqualTo(302);
        assertThat(circle.heard).hasSize(11);
        assertThat(failure(handler, payload("GET", url(circle), null, null, 11)))
                .hasMessageContaining("maxRedirects is 11, but must be from 0 to 10");
    }

    @Test
    void headers_stay_with_the_server_that_they_were_meant_for() throws Exception {
        ScriptedServer target = opened(ScriptedServer.answering(OK));
        ScriptedServer first = opened(redirecting(307, url(target)));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");

        handler.run(payload("POST", url(first), Map.of("Authorization", "Bearer mine"), "body", 1), new LoneJob());

        assertThat(first.heard.get(0)).startsWith("POST").contains("Authorization: Bearer mine");
        assertThat(target.heard.get(0)).startsWith("POST").doesNotContain("Authorization");
    }

    @Test
    void a_post_that_is_redirected_becomes_a_get_without_a_body() throws Exception {
        ScriptedServer target = opened(ScriptedServer.answering(OK));
        ScriptedServer first = opened(redirecting(303, url(target)));

        handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1")
                .run(payload("POST", url(first), null, "body", 1), new LoneJob());

        assertThat(target.heard.get(0)).startsWith("GET").doesNotContain("Content-Length");
    }

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
        opened.add(threads::shutdownNow);

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
        opened.add(threads::shutdownNow);

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

    // Secrets.

    @Test
    void a_secret_is_sent_by_its_name_and_masked_in_what_comes_back() throws Exception {
        put("127.0.0.1", "hook", SECRET + "\n");
        ScriptedServer echoing =
                opened(ScriptedServer.answering("200 OK\r\nConnection: close\r\n\r\nyou said Bearer " + SECRET + "."));

        Object result = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1")
                .run(
                        payload("GET", url(echoing), Map.of("Authorization", "Bearer ${secret:hook}"), null, null),
                        new LoneJob());

        assertThat(echoing.heard.get(0)).contains("Authorization: Bearer " + SECRET + "\n");
        assertThat(result).isEqualTo(new HttpHandler.Result(200, "you said Bearer ***.", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SECRET\r\n\r\n",
                "2SECRET OK\r\n\r\n",
                "200 OK\r\nSECRET\r\n\r\n",
                "200 OK\r\nContent-Length: SECRET\r\n\r\n",
                "200 OK\r\nTransfer-Encoding: SECRET\r\n\r\nfine",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\nfine",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfineSECRET\r\n",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nSECRET\r\n\r\n",
                "302 Found\r\nLocation: http://[SECRET\r\nContent-Length: 0\r\n\r\n",
                "302 Found\r\nLocation: ftp://127.0.0.1/?echo=SECRET\r\nContent-Length: 0\r\n\r\n",
                "302 Found\r\nLocation: http://SECRET/\r\nContent-Length: 0\r\n\r\n"
            })
    void a_secret_is_told_in_no_error_whatever_the_server_makes_of_it(String answer) throws Exception {
        put("127.0.0.1", "hook", SECRET);
        ScriptedServer echoing = opened(ScriptedServer.answering(answer.replace("SECRET", SECRET)));
        JobFailure failure = failure(
                handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1"),
                payload("GET", url(echoing), Map.of("Authorization", "Bearer ${secret:hook}"), null, 3));

        assertThat(echoing.heard.get(0)).contains(SECRET);
        if (failure != null) {
            assertThat(stackTrace(failure)).doesNotContain(SECRET);
        }
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @Test
    void a_secret_that_is_cut_off_with_the_body_is_masked_as_far_as_it_came() throws Exception {
        put("127.0.0.1", "hook", SECRET);
        String before = "x".repeat(64 * 1024 - 9);
        ScriptedServer echoing =
                opened(ScriptedServer.answering("200 OK\r\nConnection: close\r\n\r\n" + before + SECRET + " and more"));

        Object result = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1")
                .run(payload("GET", url(echoing), Map.of("X", "${secret:hook}"), null, null), new LoneJob());

        assertThat(result).isEqualTo(new HttpHandler.Result(200, before + "***", true));
    }

    @Test
    void of_secrets_that_begin_alike_the_longer_one_is_masked_whole() throws Exception {
        put("127.0.0.1", "short", SECRET);
        put("127.0.0.1", "long", SECRET + "-2");
        ScriptedServer echoing =
                opened(ScriptedServer.answering("200 OK\r\nConnection: close\r\n\r\n" + SECRET + "-2"));

        Object result = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1")
                .run(
                        payload("GET", url(echoing), Map.of("X", "${secret:short}${secret:long}"), null, null),
                        new LoneJob());

        assertThat(result).isEqualTo(new HttpHandler.Result(200, "***", false));
    }

    @Test
    void a_secret_goes_to_its_own_host_alone() throws Exception {
        put("hooks.example.com", "hook", SECRET);
        ScriptedServer elsewhere = opened(ScriptedServer.answering(OK));

        JobFailure failure = failure(
                handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1"),
                payload("GET", url(elsewhere), Map.of("Authorization", "${secret:hook}"), null, null));

        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure)
                .hasMessageContaining("secret 'hook'")
                .hasMessageContaining("host '127.0.0.1'")
                .hasMessageNotContaining(SECRET);
        assertThat(elsewhere.heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../hooks.example.com/hook",
                "..",
                ".",
                "",
                "/etc/hostname",
                "a/b",
                "a\u0000b",
                "none",
                "${secret:hook"
            })
    void a_name_that_leads_out_of_the_folder_is_none(String name) throws Exception {
        put("hooks.example.com", "hook", SECRET);
        put("127.0.0.1", "other", SECRET);

        assertThat(failure(
                                handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1"),
                                payload(
                                        "GET",
                                        "http://127.0.0.1:1/",
                                        Map.of("X", "${secret:" + name + "}"),
                                        null,
                                        null))
                        .isPermanent())
                .isTrue();
    }

    @Test
    void a_secret_goes_unencrypted_to_this_machine_alone() throws Exception {
        put("hooks.example.com", "hook", SECRET);

        JobFailure failure = failure(
                handler(names("hooks.example.com", "127.0.0.1"), "hooks.example.com", "127.0.0.1"),
                payload("GET", "http://hooks.example.com/", Map.of("X", "${secret:hook}"), null, null));

        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure).hasMessageContaining("over https");
    }

    @Test
    void a_file_that_is_no_secret_is_not_sent_and_not_told() throws Exception {
        put("127.0.0.1", "lines", "first\r\nX-Evil: 1");
        put("127.0.0.1", "empty", " \n");
        put("127.0.0.1", "long", "x".repeat(9_000));
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");

        for (String name : List.of("lines", "empty", "long")) {
            assertThat(failure(
                            handler,
                            payload("GET", "http://127.0.0.1:1/", Map.of("X", "${secret:" + name + "}"), null, null)))
                    .hasMessageContaining("secret '" + name + "'")
                    .hasMessageNotContaining("first");
        }
    }

    private void put(String host, String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(secrets.resolve(host)).resolve(name), text);
    }

    private HttpHandler handler(DnsResolver names, String... allowed) {
        HttpHandler handler = new HttpHandler(new HttpAllowList(List.of(allowed)), HttpSecrets.in(secrets), names);
        handler.start();
        opened.add(handler::stop);
        return handler;
    }

    private <T extends AutoCloseable> T opened(T each) {
        opened.add(each);
        return each;
    }

    private static ScriptedServer redirecting(int status, String target) throws IOException {
        return ScriptedServer.answering(
                status + " Elsewhere\r\nLocation: " + target + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private static String url(ScriptedServer server) {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private static HttpHandler.Payload get(String url) {
        return payload("GET", url, null, null, null);
    }

    private static HttpHandler.Payload payload(
            String method,
            String url,
            @Nullable Map<String, String> headers,
            @Nullable String body,
            @Nullable Integer maxRedirects) {
        return new HttpHandler.Payload(
                method, url, headers, body == null ? null : JsonNodeFactory.instance.textNode(body), maxRedirects);
    }

    private static JobFailure failure(HttpHandler handler, HttpHandler.Payload payload) {
        return catchThrowableOfType(JobFailure.class, () -> handler.run(payload, new LoneJob()));
    }

    /** Knows one name, and leads it elsewhere each time it is asked; several addresses of one answer have commas between. */
    private static DnsResolver names(String name, String... answers) {
        Iterator<String> next = Arrays.asList(answers).iterator();
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws java.net.UnknownHostException {
                if (!host.equals(name)) {
                    return SystemDefaultDnsResolver.INSTANCE.resolve(host);
                }
                String[] texts = (answers.length == 1 ? answers[0] : next.next()).split(",", -1);
                InetAddress[] addresses = new InetAddress[texts.length];
                for (int i = 0; i < texts.length; i++) {
                    addresses[i] = InetAddress.getByName(texts[i]);
                }
                return addresses;
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }
}
