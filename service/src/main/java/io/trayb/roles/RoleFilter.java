package io.trayb.roles;

import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Answers calls for a role that this process doesn't have with 421: another process would answer them. Not 404, since a client
 * would take that for a job that isn't there, and not 503, since waiting doesn't help. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-421-misdirected-request">RFC 9110, 421 Misdirected Request</a>
 */
public final class RoleFilter implements Filter {
    /** What this is to be mapped to. */
    public static final String PATHS = "/api/*";

    private static final int MISDIRECTED_REQUEST = 421;
    /** Tickets open streams on any process, so whoever has one of the two roles issues them. */
    private static final String TICKETS = "/v1/events/tickets";

    private final Roles roles;
    private final ProblemWriter problems;
    private final Set<String> eventServlets;

    /** @param eventServlets the names of the servlets that carry events */
    public RoleFilter(Roles roles, ProblemWriter problems, Set<String> eventServlets) {
        this.roles = roles;
        this.problems = problems;
        this.eventServlets = Set.copyOf(eventServlets);
    }

    /** Whether there is anything to refuse. */
    public static boolean isNeeded(Roles roles) {
        return !roles.has(Role.API) || !roles.has(Role.EVENTS);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest call = (HttpServletRequest) request;
        Role wanted = wanted(call);
        if (roles.has(wanted)) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    (HttpServletResponse) response,
                    ProblemException.of(
                            MISDIRECTED_REQUEST,
                            "This process has no role " + wanted.wireName() + ", only " + roles
                                    + ". Send this call to one that has it."));
        }
    }

    /** By the servlet that the container has chosen: a path can be written in many ways. */
    private Role wanted(HttpServletRequest call) {
        if (eventServlets.contains(call.getHttpServletMapping().getServletName())) {
            return Role.EVENTS;
        }
        return TICKETS.equals(call.getPathInfo()) && !roles.has(Role.API) ? Role.EVENTS : Role.API;
    }
}
