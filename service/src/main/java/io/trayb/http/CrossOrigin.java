package io.trayb.http;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.handler.CrossOriginHandler;

/**
 * Lets web pages of some origins call the API, and read what it answers. Browsers ask before they send a key or JSON, without
 * either; so this answers ahead of everything that wants to know who asks. Cookies aren't a matter here: there are none.
 */
final class CrossOrigin {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");

    /** What the contract has clients send, beside what browsers may send anyhow. */
    private static final Set<String> TAKEN = Set.of(
            "Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID", RequestIds.HEADER);

    /** What the contract has in headers of answers; a page sees no others. */
    private static final Set<String> SHOWN = Set.of(
            "ETag",
            "Link",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "WWW-Authenticate",
            RequestIds.HEADER);

    /** For how long a browser needn't ask again; a page of an origin that was removed may go on trying as long. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private CrossOrigin() {}

    /** @param origins exact ones, such as {@code https://app.example.org}; at least one */
    static CrossOriginHandler handler(Collection<String> origins) {
        CrossOriginHandler handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(origins.stream().map(Pattern::quote).collect(Collectors.toSet()));
        handler.setAllowCredentials(false);
        handler.setAllowedMethods(METHODS);
        handler.setAllowedHeaders(TAKEN);
        handler.setExposedHeaders(SHOWN);
        handler.setPreflightMaxAge(REMEMBERED);
        handler.setDeliverPreflightRequests(false);
        // They are answered as they would be anyhow; what isn't said is that the page may read it.
        handler.setDeliverNonAllowedOriginRequests(true);
        return handler;
    }
}
