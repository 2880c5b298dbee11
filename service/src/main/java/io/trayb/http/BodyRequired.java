package io.trayb.http;

import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resource method that takes a body never sees null: an empty body, or one of {@code null}, is refused before. */
public final class BodyRequired implements ReaderInterceptor {
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Object body = bounded(context::proceed);
        if (body == null) {
            throw refusal();
        }
        return body;
    }

    /** Reads JSON. */
    @FunctionalInterface
    public interface Reading<T extends @Nullable Object> {
        T read() throws IOException;
    }

    /**
     * Reads JSON that may have a number with an exponent of more digits than Java's numbers have: the one thing that Jackson doesn't
     * refuse with an exception of its own.
     *
     * @throws ProblemException 400 if there is one
     */
    public static <T extends @Nullable Object> T bounded(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.invalid(
                    List.of(new FieldError("body", null, "has a number whose exponent is beyond all measure"))));
        }
    }

    /** What is answered to a body in which there is nothing. */
    public static ProblemException refusal() {
        return ProblemException.of(400, "The request's body is empty; this path takes JSON");
    }
}
