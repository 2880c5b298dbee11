package io.trayb.keys.api;

import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Caller;
import io.trayb.keys.Scope;
import io.trayb.keys.ring.KeyRing;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets nobody switch anything on the admin port without a key for {@code operate} on all queues, and writes down who did. Metrics and
 * health, which are only read there, need none. As long as no key was ever made, whoever reaches the port may. Thread-safe.
 */
public final class TaskFilter implements Filter {
    /** What this is to be mapped to. */
    public static final String PATHS = "/tasks/*";

    private final KeyRing ring;
    private final RateLimiter limiter;
    private final Audit audit;
    private final ProblemWriter problems;

    public TaskFilter(KeyRing ring, RateLimiter limiter, Audit audit, ProblemWriter problems) {
        this.ring = ring;
        this.limiter = limiter;
        this.audit = audit;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        Caller caller;
        try {
            caller = ring.authenticate(KeyFilter.header(request));
            limiter.count(caller, response);
        } catch (ProblemException e) {
            problems.write(response, e);
            return;
        }
        boolean answered = false;
        try {
            caller.require(Scope.OPERATE);
            caller.requireAllQueues();
            chain.doFilter(request, response);
            answered = true;
        } catch (ProblemException e) {
            problems.write(response, e);
            answered = true;
        } finally {
            // What leaves as an exception is answered by the container's error page, after this.
            audit.write(
                    caller, request, answered ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }
}
