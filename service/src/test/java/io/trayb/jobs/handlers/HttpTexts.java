package io.trayb.jobs.handlers;

import io.trayb.fuzz.Promise;
import io.trayb.jobs.JobFailure;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.core5.net.URIAuthority;

/** What a fuzzer asks of where the {@code http} job type may go. */
public final class HttpTexts {
    private static final HttpTargets TARGETS =
            new HttpTargets(new HttpAllowList(List.of("hooks.example.com", "*.example.org", "10.0.0.7:9000")));

    private HttpTexts() {}

    /** An entry of the allow-list. */
    public static void allowed(String text) {
        HttpAllowList list;
        try {
            list = new HttpAllowList(List.of(text));
        } catch (IllegalArgumentException refused) {
            Promise.saysWhy(refused);
            return;
        }
        boolean name = text.chars().anyMatch(c -> c >= 'g' && c <= 'z');
        if (name) {
            Promise.that(!list.allowsHost("169.254.169.254", 80), "a name allows no address");
        }
    }

    /** A URL: what is taken leads where it says, also for the library that opens the connection. */
    public static void url(String text) {
        URI uri;
        try {
            uri = TARGETS.check("payload.url", text);
        } catch (JobFailure refused) {
            Promise.that(refused.isPermanent(), "is refused for good");
            return;
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        Promise.that(
                host.matches("hooks\\.example\\.com\\.?|[a-z0-9.-]+\\.example\\.org\\.?|10\\.0\\.0\\.7"),
                "leads to a listed host");
        URIAuthority called = SimpleRequestBuilder.get(uri).build().getAuthority();
        Promise.that(called.getHostName().equalsIgnoreCase(host), "is called at the host that was looked at");
        Promise.that(
                called.getPort() == uri.getPort() && called.getUserInfo() == null,
                "is called at the port that was looked at");
    }

    /** A header's value with names of secrets in it. */
    public static void secret(String text) {
        try {
            List<String> used = new ArrayList<>();
            HttpSecrets.in(Path.of("/nonexistent/trayb")).filled("X", text, "hooks.example.com", used);
            Promise.that(used.isEmpty(), "finds none where there is none");
        } catch (JobFailure refused) {
            Promise.that(refused.isPermanent(), "is refused for good");
        }
    }
}
