package io.trayb.events;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a request with {@code application/problem+json}. Implementations are thread-safe. */
@FunctionalInterface
public interface ProblemWriter {
    /**
     * Sets the status, writes the body and leaves the headers that are already set.
     *
     * @param detail a sentence that says what to do
     * @param errors what is wrong with which field; may be empty
     */
    void write(HttpServletResponse response, int status, String detail, List<FieldError> errors) throws IOException;

    /**
     * What is wrong with one field of a request.
     *
     * @param field the parameter's or header's name
     * @param value what was sent, or null when nothing was
     * @param message what is allowed
     */
    record FieldError(String field, @Nullable String value, String message) {}
}
