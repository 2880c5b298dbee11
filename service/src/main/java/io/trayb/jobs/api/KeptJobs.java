package io.trayb.jobs.api;

import io.trayb.metrics.RequestTimer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers for completed jobs that this process keeps, ahead of Jersey, whose way from a request to a resource costs several times
 * what is left to do. Whatever asks for more than such a job as it is, goes on to {@link JobResource}, which answers the same.
 * Thread-safe.
 *
 * <p>Goes behind every filter that decides who may ask.
 */
public final class KeptJobs implements Filter {
    /** What this is mapped to. */
    public static final String PATH = "/api/v1/jobs/*";

    private static final String PREFIX = "/api/v1/jobs/";
    private static final String ROUTE = PREFIX + "{id}";

    private final JobCache cache;

    public KeptJobs(JobCache cache) {
        this.cache = cache;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        CachedJob job = isPlain(http) ? kept(http.getRequestURI()) : null;
        if (job == null || !answer(http, (HttpServletResponse) response, job)) {
            chain.doFilter(request, response);
        }
    }

    private static boolean answer(HttpServletRequest request, HttpServletResponse response, CachedJob job)
            throws IOException {
        String tag = '"' + job.tag() + '"';
        String known = request.getHeader("If-None-Match");
        if (known != null && !known.equals(tag)) {
            return false;
        }
        RequestTimer.routed(request, ROUTE);
        response.setHeader("ETag", tag);
        if (known == null) {
            response.setContentType(MediaType.APPLICATION_JSON);
            response.setContentLength(job.body().length);
            response.getOutputStream().write(job.body());
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        }
        return true;
    }

    private @Nullable CachedJob kept(String path) {
        Optional<UUID> id = path.startsWith(PREFIX) ? JobIds.read(path.substring(PREFIX.length())) : Optional.empty();
        return id.map(cache::kept).orElse(null);
    }

    private static boolean isPlain(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return "GET".equals(request.getMethod())
                && request.getQueryString() == null
                && (accept == null || accept.equals("*/*") || accept.equals(MediaType.APPLICATION_JSON))
                && request.getHeader("If-Match") == null
                && request.getHeader("If-Unmodified-Since") == null;
    }
}
