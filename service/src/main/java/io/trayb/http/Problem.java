package io.trayb.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;

/**
 * An error as clients see it: {@code application/problem+json}, RFC 9457. Immutable.
 *
 * @param type a URI that names the kind of problem; {@code about:blank} where the status says it all
 * @param title the kind of problem in a few words, the same for each occurrence
 * @param status the HTTP status, 400 to 599
 * @param detail a sentence about this occurrence that says what to do
 * @param errors what is wrong with which field; left out of the JSON when empty
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(detail, "detail");
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", a problem's status is 400 to 599");
        }
        errors = List.copyOf(errors);
    }

    /** A problem of which the status says all that a program needs to know. */
    public static Problem of(int status, String detail) {
        return of(status, detail, List.of());
    }

    /** The same with what is wrong with which field. */
    public static Problem of(int status, String detail, List<FieldError> errors) {
        return new Problem("about:blank", StatusText.of(status), status, detail, errors);
    }

    /** A request with fields that aren't as they should be: 400. */
    public static Problem invalid(List<FieldError> errors) {
        String detail = errors.size() == 1
                ? errors.get(0).field() + " " + errors.get(0).message()
                : errors.size() + " fields of the request are not valid, see errors";
        return of(400, detail, errors);
    }
}
