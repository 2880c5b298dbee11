package io.trayb.http;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.glassfish.jersey.message.internal.HeaderValueException;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;

/** Refusals that Jersey makes itself: no such path, method, type, or a parameter that it can't read. */
final class WebProblems {
    /** The headers that Jersey reads by itself. It says which one failed in words that tell of its classes. */
    private static final List<String> READ_BY_JERSEY = List.of(
            "If-None-Match",
            "If-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Accept-Language",
            "Accept-Encoding",
            "Accept-Charset",
            "Accept",
            "Content-Type",
            "Content-Language",
            "Cookie");

    private WebProblems() {}

    static Optional<ProblemException> of(WebApplicationException web) {
        if (web instanceof ParamException.QueryParamException || web instanceof ParamException.HeaderParamException) {
            return Optional.of(parameter((ParamException) web));
        }
        Response response = web.getResponse();
        int status = response.getStatus();
        if (status < 400 || status >= 500) {
            // A redirection is no problem and is dealt with by the mapper; a 5xx thrown by hand has nothing to tell.
            return Optional.empty();
        }
        ProblemException problem = ProblemException.of(status, sentence(status, null));
        String allow = response.getHeaderString("Allow");
        return Optional.of(
                web instanceof NotAllowedException && allow != null ? problem.withHeader("Allow", allow) : problem);
    }

    /** Jersey answers 404 to a parameter that it can't convert; a client is helped more by being told which. */
    private static ProblemException parameter(ParamException bad) {
        return new ProblemException(Problem.invalid(
                List.of(new FieldError(bad.getParameterName(), null, "is not of the type that is expected here"))));
    }

    /** A header that can't be read, by its name. */
    static ProblemException header(HeaderValueException bad) {
        String said = String.valueOf(bad.getMessage()).toLowerCase(Locale.ROOT);
        String name = READ_BY_JERSEY.stream()
                .filter(header -> said.contains(header.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse("header");
        return new ProblemException(
                Problem.invalid(List.of(new FieldError(name, null, "can't be read as RFC 9110 has it"))));
    }

    /** What a status means here, in a sentence; the reason is Jetty's own wording where it has one. */
    static String sentence(int status, @Nullable String reason) {
        return switch (status) {
            case 404 -> "There is nothing at this path";
            case 405 -> "This path doesn't know this method";
            case 406 -> "This path can't answer in a type that the Accept header allows; it speaks application/json";
            case 413 -> "The request's body is too large";
            case 414 -> "The request's URI is too long";
            case 415 -> "This path takes a body of Content-Type application/json";
            case 431 -> "The request's headers are too large";
            case 408 -> "The request took too long to arrive";
            default ->
                reason == null || reason.isBlank() ? StatusText.of(status) : "The request is not valid: " + reason;
        };
    }
}
