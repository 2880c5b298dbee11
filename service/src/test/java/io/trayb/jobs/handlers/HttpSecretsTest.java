package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.JobFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets of the {@code http} job type go where they belong and are told nowhere, whatever the server makes of them. */
final class HttpSecretsTest extends HttpCalls {
    private static final String SECRET = "s3cr3t-Of-The-Hook";

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
}
