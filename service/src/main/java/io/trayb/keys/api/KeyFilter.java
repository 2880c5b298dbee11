package io.trayb.keys.api;

import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Caller;
import io.trayb.keys.ring.KeyRing;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody past who isn't known, and says to all that come after it who it is ({@link Caller#of(HttpServletRequest)}).
 * Thread-safe; asks nobody but this process's memory, unless the key has a rate limit.
 *
 * <p>Goes before every filter and servlet that answers calls of the API.
 */
public final class KeyFilter implements Filter {
    /** What this is to be mapped to: all that there is below, known or not. */
    public static final String PATHS = "/api/*";

    private static final String TICKET = "ticket";

    private final KeyRing ring;
    private final RateLimiter limiter;
    private final ProblemWriter problems;
    private final Set<String> ticketServlets;

    /**
     * @param ticketServlets the names of those servlets that take a ticket in the place of a key, and look at it themselves
     */
    public KeyFilter(KeyRing ring, RateLimiter limiter, ProblemWriter problems, Set<String> ticketServlets) {
        this.ring = ring;
        this.limiter = limiter;
        this.problems = problems;
        this.ticketServlets = Set.copyOf(ticketServlets);
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        try {
            String header = header(request);
            if (header != null || !bringsTicket(request)) {
                Caller caller = ring.authenticate(header);
                // Before it is counted: who makes too many requests is known all the same.
                caller.isCallerOf(request);
                limiter.count(caller, response);
            }
        } catch (ProblemException e) {
            problems.write(response, e);
            return;
        }
        chain.doFilter(request, response);
    }

    /** Of two, nobody knows which one is meant. */
    static @Nullable String header(HttpServletRequest request) {
        var headers = request.getHeaders("Authorization");
        if (!headers.hasMoreElements()) {
            return null;
        }
        String first = headers.nextElement();
        return headers.hasMoreElements() ? "" : first;
    }

    /** By the servlet that the container has chosen, and not by the path, which can be written in many ways. */
    private boolean bringsTicket(HttpServletRequest request) {
        return "GET".equals(request.getMethod())
                && ticketServlets.contains(request.getHttpServletMapping().getServletName())
                && request.getParameter(TICKET) != null;
    }
}
