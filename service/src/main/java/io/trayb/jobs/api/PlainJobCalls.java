package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.http.BodyLimit;
import io.trayb.http.BodyRequired;
import io.trayb.http.ProblemWriter;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import io.trayb.keys.Caller;
import io.trayb.keys.Scope;
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
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes the calls that make up nearly all of the traffic ahead of Jersey: one job submitted, one job read, both without anything
 * unusual about them. Everything else goes on to {@link JobResource}, which answers these too, and the same. Thread-safe.
 *
 * <p>Goes behind every filter that decides who may ask. Why: decision 0014.
 */
public final class PlainJobCalls implements Filter {
    /** What this is mapped to. */
    public static final String PATHS = "/api/v1/jobs/*";

    private static final String SUBMIT = "/api/v1/jobs";
    private static final String READ = "/api/v1/jobs/{id}";
    private static final int ID_FROM = SUBMIT.length() + 1;

    private static final Set<String> JSON =
            Set.of("application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8");
    private static final Set<String> ANYTHING = Set.of("*/*", "application/json");

    private final SingleJobs jobs;
    private final ObjectMapper json;
    private final ProblemWriter problems;

    public PlainJobCalls(SingleJobs jobs, ObjectMapper json, ProblemWriter problems) {
        this.jobs = jobs;
        this.json = json;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        UUID id = idToRead(request);
        if (id != null) {
            RequestTimer.routed(request, READ);
            answer(response, () -> read(id, request, response));
        } else if (isSubmission(request)) {
            RequestTimer.routed(request, SUBMIT);
            answer(response, () -> submit(request, response));
        } else {
            chain.doFilter(request, response);
        }
    }

    private interface Call {
        void run() throws IOException;
    }

    private void answer(HttpServletResponse response, Call call) throws IOException {
        try {
            call.run();
        } catch (IOException | RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            problems.write(response, e);
        }
    }

    private void submit(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request);
        caller.require(Scope.SUBMIT);
        byte[] body = request.getInputStream().readNBytes(request.getContentLength());
        JsonNode read = BodyRequired.bounded(() -> json.readTree(body));
        if (read.isMissingNode()) {
            throw BodyRequired.refusal();
        }
        Submission answer = jobs.submit(read, request.getHeader(Intake.IDEMPOTENCY_KEY), caller);
        Submitted submitted = answer.jobs().get(0);
        if (!answer.repeated() && !submitted.existing()) {
            response.setStatus(HttpServletResponse.SC_CREATED);
            response.setHeader(
                    "Location",
                    request.getRequestURL()
                            .append('/')
                            .append(submitted.job().id())
                            .toString());
        }
        write(response, json.writeValueAsBytes(submitted.job()));
    }

    private void read(UUID id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request);
        caller.require(Scope.READ);
        CachedJob job = jobs.read(id, caller);
        String tag = '"' + job.tag() + '"';
        response.setHeader("ETag", tag);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        } else {
            write(response, job.body());
        }
    }

    private static void write(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The job that a plain request wants to read; null if it is no such request. */
    private static @Nullable UUID idToRead(HttpServletRequest request) {
        String path = request.getRequestURI();
        boolean plain = "GET".equals(request.getMethod())
                && path.length() > ID_FROM
                && hasNoneOf(request, "If-Match", "If-Unmodified-Since", "If-Modified-Since")
                && isOneTag(request.getHeader("If-None-Match"))
                && wantsJson(request);
        return plain ? JobIds.read(path.substring(ID_FROM)).orElse(null) : null;
    }

    private static boolean isSubmission(HttpServletRequest request) {
        int length = request.getContentLength();
        return "POST".equals(request.getMethod())
                && SUBMIT.equals(request.getRequestURI())
                && length > 0
                && length <= BodyLimit.DEFAULT
                && hasNoneOf(request, "Content-Encoding")
                && JSON.contains(String.valueOf(request.getContentType()))
                && wantsJson(request);
    }

    private static boolean wantsJson(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return request.getQueryString() == null && (accept == null || ANYTHING.contains(accept));
    }

    private static boolean hasNoneOf(HttpServletRequest request, String... headers) {
        for (String header : headers) {
            if (request.getHeader(header) != null) {
                return false;
            }
        }
        return true;
    }

    /** Whether the header is left out, or has one strong tag. */
    private static boolean isOneTag(@Nullable String header) {
        return header == null || (header.startsWith("\"") && header.indexOf(',') < 0);
    }
}
