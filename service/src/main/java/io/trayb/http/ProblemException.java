package io.trayb.http;

import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Thrown wherever a request can't be answered as asked; it becomes exactly its problem. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final transient Map<String, String> headers;
    private final transient @Nullable Reason reason;

    public ProblemException(Problem problem) {
        this(problem, Map.of(), null, null);
    }

    private ProblemException(
            Problem problem, Map<String, String> headers, @Nullable Reason reason, @Nullable Throwable cause) {
        super(problem.status() + " " + problem.detail(), cause);
        this.problem = Objects.requireNonNull(problem, "problem");
        this.headers = Map.copyOf(headers);
        this.reason = reason;
    }

    /** A problem of the given status, such as 404 or 409. */
    public static ProblemException of(int status, String detail) {
        return new ProblemException(Problem.of(status, detail));
    }

    /**
     * Something that this request needs is out of reach: 503, and when to come back.
     *
     * @param retryAfter told to the client in whole seconds, rounded up, at least 1
     */
    public static ProblemException unavailable(String detail, Duration retryAfter, @Nullable Throwable cause) {
        long seconds = Math.max(1, (retryAfter.toMillis() + 999) / 1000);
        return new ProblemException(
                Problem.of(503, detail), Map.of("Retry-After", Long.toString(seconds)), null, cause);
    }

    /** The same with one more header on the answer. */
    public ProblemException withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ProblemException(problem, more, reason, getCause());
    }

    /** The same with why somebody is refused, for the metrics: of what is answered with 401, 403 or 429. */
    public ProblemException because(Reason why) {
        return new ProblemException(problem, headers, why, getCause());
    }

    /** Why somebody is refused; empty if it is for what they ask and not for who they are, or how often they come. */
    Optional<Reason> refusal() {
        return switch (problem.status()) {
            case 401, 403, 429 -> Optional.of(reason == null ? Reason.OTHER : reason);
            default -> Optional.empty();
        };
    }

    public Problem problem() {
        return problem;
    }

    /** Headers to answer with, beside those of every problem. */
    public Map<String, String> headers() {
        return headers;
    }

    /** One header's value, if it is set. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
