package io.trayb.metrics;

import io.trayb.monitoring.catalog.HttpMetrics;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Times API requests, from the first filter to the end of the answer, also of those that never reach a resource. Routes that
 * wait until there is something to tell aren't timed: see {@link HttpMetrics#OPEN_ENDED_ROUTES}. Goes before all other
 * filters, and supports asynchronous requests. Thread-safe.
 */
public final class RequestTimer implements Filter {
    private static final String ROUTE = RequestTimer.class.getName() + ".route";
    private static final String UNMATCHED = "unmatched";

    private final RequestDurations durations;
    private final LongSupplier nanoTime;

    /**
     * A timer.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public RequestTimer(Collectors collectors, LongSupplier nanoTime) {
        this.durations = new RequestDurations(collectors);
        this.nanoTime = nanoTime;
    }

    /** Says which route a request took, as a template; for servlets. Jersey's resources are told by {@link RouteTemplates}. */
    public static void routed(HttpServletRequest request, String template) {
        request.setAttribute(ROUTE, template);
    }

    /** The request attribute that holds the route. */
    static String routeAttribute() {
        return ROUTE;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long start = nanoTime.getAsLong();
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        boolean answered = false;
        try {
            chain.doFilter(request, response);
            answered = true;
        } finally {
            if (answered && request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new WhenComplete(http, answer, start));
            } else {
                // What leaves as an exception is answered by the container's error page, after this.
                observe(http, answered ? answer.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR, start);
            }
        }
    }

    private void observe(HttpServletRequest request, int status, long start) {
        String route = route(request);
        if (!HttpMetrics.OPEN_ENDED_ROUTES.contains(route)) {
            durations.observe(request.getMethod(), route, status, nanoTime.getAsLong() - start);
        }
    }

    private static String route(HttpServletRequest request) {
        if (request.getAttribute(ROUTE) instanceof String route) {
            return route;
        }
        // Servlets of fixed paths needn't say theirs.
        String path = request.getRequestURI();
        return HttpMetrics.OPEN_ENDED_ROUTES.contains(path) ? path : UNMATCHED;
    }

    /** Observes when an asynchronous answer is complete, however it ended. */
    private final class WhenComplete implements AsyncListener {
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final long start;

        private WhenComplete(HttpServletRequest request, HttpServletResponse response, long start) {
            this.request = request;
            this.response = response;
            this.start = start;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            observe(request, response.getStatus(), start);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // onComplete follows.
        }

        @Override
        public void onError(AsyncEvent event) {
            // onComplete follows.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Asynchronous once more: the container forgets its listeners.
            event.getAsyncContext().addListener(this);
        }
    }
}
