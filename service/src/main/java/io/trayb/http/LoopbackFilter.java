package io.trayb.http;

import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Lets in only what is addressed to this machine's loopback and wasn't sent by a web page from elsewhere. Thread-safe.
 *
 * <p>A port on loopback is out of other machines' reach, but not out of reach of the pages that a browser on this machine has
 * open: any of them may send a simple POST to it, and one whose name was pointed at 127.0.0.1 after it was loaded may read the
 * answers too. A browser gives both away, in {@code Origin} and in {@code Host}, and no page can change these headers.
 */
final class LoopbackFilter implements Filter {
    private static final String WHY = "This port asks for no API key, so it answers programs on this machine only: ";

    private final ProblemWriter problems;
    private final BooleanSupplier needed;

    /** @param needed whether there is nothing else that tells who may come in; asked at each request */
    LoopbackFilter(ProblemWriter problems, BooleanSupplier needed) {
        this.problems = problems;
        this.needed = needed;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<ProblemException> refusal =
                needed.getAsBoolean() ? refusal((HttpServletRequest) request) : Optional.empty();
        if (refusal.isPresent()) {
            problems.write((HttpServletResponse) response, refusal.get());
        } else {
            chain.doFilter(request, response);
        }
    }

    private static Optional<ProblemException> refusal(HttpServletRequest request) {
        // Of HTTP/1.0 without a Host, which no browser speaks, this is the address that the connection came in on.
        String host = request.getServerName();
        if (!Loopback.is(host)) {
            return Optional.of(forbidden(
                    "call it by http://127.0.0.1:" + request.getLocalPort(),
                    new FieldError("Host", host, "must name " + Loopback.ALLOWED)));
        }
        return Collections.list(request.getHeaders("Origin")).stream()
                .filter(origin -> !isLoopback(origin))
                .map(origin -> forbidden(
                        "call it from a program, or from a page that this machine serves",
                        new FieldError("Origin", origin, "must be an origin on " + Loopback.ALLOWED + ", or left out")))
                .findFirst();
    }

    private static boolean isLoopback(String origin) {
        try {
            return Loopback.is(new URI(origin).getHost());
        } catch (URISyntaxException e) {
            // Such as an origin of two words; what can't be read isn't known to be this machine.
            return false;
        }
    }

    private static ProblemException forbidden(String whatToDo, FieldError error) {
        Problem problem = Problem.of(403, WHY + whatToDo);
        return new ProblemException(new Problem(
                        problem.type(), problem.title(), problem.status(), problem.detail(), List.of(error)))
                .because(Reason.ELSEWHERE);
    }
}
