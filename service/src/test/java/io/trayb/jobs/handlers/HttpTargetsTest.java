package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.JobFailure;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code http} job type in the hands of somebody who wants to reach what is inside. */
final class HttpTargetsTest extends HttpCalls {
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
}
