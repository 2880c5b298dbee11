package io.trayb.keys.api;

import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Audited;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody switch anything on the admin port without a key for {@code operate} on all queues, and writes down who did. Metrics and
 * health, which are only read there, need none. As long as no key was ever made, whoever reaches the port may. Thread-safe.
 */
public final class TaskFilter implements Filter {
    /** What this is to be mapped to. */
    public static final String PATHS = "/tasks/*";

    private static final Logger LOGGER = LoggerFactory.getLogger(TaskFilter.class);

    /** Of the tasks of this service and of Dropwizard's: what a plugin's takes, and what of it is secret, nobody knows. */
    private static final Set<String> SHOWN = Set.of("enabled", "logger", "level", "duration", "runs");

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
            caller.isCallerOf(request);
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
            noteParameters(request);
            // What leaves as an exception is answered by the container's error page, after this.
            audit.write(
                    caller, request, answered ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }

    /** The query's and the form's; the task has read them before. */
    private static void noteParameters(HttpServletRequest request) {
        Audited audited = Audited.of(request);
        try {
            request.getParameterMap()
                    .forEach((name, values) ->
                            audited.note(name, SHOWN.contains(name) ? List.of(values) : lengths(values)));
        } catch (RuntimeException e) {
            // Jetty's ways to say that they can't be read are many; what was done is written down all the same.
            LOGGER.debug("The parameters of a task can't be read", e);
            audited.note("parameters", "can't be read");
        }
    }

    private static Map<String, Integer> lengths(String[] values) {
        return Map.of(
                "characters", Arrays.stream(values).mapToInt(String::length).sum());
    }
}
