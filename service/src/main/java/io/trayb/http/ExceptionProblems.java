package io.trayb.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.glassfish.jersey.message.internal.HeaderValueException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns an exception into what the client hears, for Jersey, servlets and Jetty alike. Thread-safe.
 *
 * <p>What nobody foresaw becomes 500 with an error id; the log has the same id beside the stack trace, and no class name
 * leaves the process.
 */
public final class ExceptionProblems {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExceptionProblems.class);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Supplier<UUID> errorIds;

    /**
     * The place for one service.
     *
     * @param errorIds names an unforeseen failure in the log and to the client
     */
    public ExceptionProblems(Supplier<UUID> errorIds) {
        this.errorIds = Objects.requireNonNull(errorIds, "errorIds");
    }

    /** What to answer; logs what the operator has to know. */
    public ProblemException of(Throwable thrown) {
        // The order matters: a body that is too large surfaces inside a JSON exception, an outage inside anything.
        return cause(thrown, ProblemException.class)
                .or(() -> cause(thrown, BodyTooLargeException.class).map(BodyTooLargeException::problem))
                .or(() -> Outages.of(thrown))
                .or(() -> badRequest(thrown))
                .orElseGet(() -> unforeseen(thrown));
    }

    private Optional<ProblemException> badRequest(Throwable thrown) {
        Optional<HttpException> http = cause(thrown, HttpException.class);
        if (http.isPresent() && http.get().getCode() != 500) {
            return Optional.of(ofStatus(http.get().getCode(), http.get().getReason()));
        }
        if (cause(thrown, EofException.class).isPresent() || thrown instanceof CharConversionException) {
            return Optional.of(ProblemException.of(400, "The request's body ended early or is not UTF-8"));
        }
        if (cause(thrown, ZipException.class).isPresent()) {
            return Optional.of(ProblemException.of(
                    400, "The request's body isn't what its Content-Encoding says: it can't be unpacked"));
        }
        if (cause(thrown, IllegalCharsetNameException.class).isPresent()
                || cause(thrown, UnsupportedCharsetException.class).isPresent()) {
            return Optional.of(
                    ProblemException.of(415, "Content-Type names a charset that isn't known; JSON is in UTF-8"));
        }
        if (thrown instanceof HeaderValueException header
                && header.getContext() == HeaderValueException.Context.INBOUND) {
            return Optional.of(WebProblems.header(header));
        }
        if (thrown instanceof JsonProcessingException json) {
            return JsonProblems.of(json);
        }
        if (thrown instanceof ConstraintViolationException violation) {
            return ConstraintProblems.of(violation);
        }
        if (thrown instanceof WebApplicationException web) {
            return WebProblems.of(web);
        }
        return Optional.empty();
    }

    /** A refusal of Jetty's own, which comes as a status and, now and then, a reason in its words. */
    ProblemException ofStatus(int status, @Nullable String reason) {
        return switch (status) {
            case 500 -> unforeseen(new IOException("Jetty answered 500: " + reason));
            case 503 ->
                ProblemException.unavailable(
                        "The service is starting, stopping or overloaded; try again", RETRY_AFTER, null);
            default -> ProblemException.of(status, WebProblems.sentence(status, reason));
        };
    }

    private ProblemException unforeseen(Throwable thrown) {
        UUID id = errorIds.get();
        LOGGER.error("A request failed with error id {}", id, thrown);
        return ProblemException.of(500, "The service failed on this request; its log has more under error id " + id);
    }

    private static <T> Optional<T> cause(Throwable thrown, Class<T> type) {
        return Causes.of(thrown).filter(type::isInstance).map(type::cast).findFirst();
    }
}
