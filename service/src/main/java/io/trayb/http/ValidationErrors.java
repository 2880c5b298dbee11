package io.trayb.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is wrong with a request, so that a client hears all of it at once. Used by one thread.
 *
 * <pre>{@code
 * ValidationErrors errors = new ValidationErrors();
 * errors.check(priority >= 0 && priority <= 9, "priority", priority, "must be 0 (first) to 9 (last)");
 * errors.throwIfAny();
 * }</pre>
 */
public final class ValidationErrors {
    /** A batch of a thousand bad jobs isn't told more than this; the rest is counted. */
    private static final int LIMIT = 100;

    private final List<FieldError> errors = new ArrayList<>();
    private int more;

    /**
     * Notes that a field isn't as it should be.
     *
     * @param field the path to it, such as {@code jobs[3].priority}
     * @param value what was sent, or null if nothing was
     * @param message goes on where the field's name ends: {@code must be 0 to 9}
     */
    public void add(String field, @Nullable Object value, String message) {
        if (errors.size() < LIMIT) {
            errors.add(new FieldError(field, value, message));
        } else {
            more++;
        }
    }

    /** Notes it if it doesn't hold; returns whether it holds. */
    public boolean check(boolean holds, String field, @Nullable Object value, String message) {
        if (!holds) {
            add(field, value, message);
        }
        return holds;
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /**
     * Ends the request if anything was noted.
     *
     * @throws ProblemException 400 with all that was noted
     */
    public void throwIfAny() {
        if (errors.isEmpty()) {
            return;
        }
        if (more > 0) {
            errors.add(new FieldError("…", null, "and " + more + " more errors"));
        }
        throw new ProblemException(Problem.invalid(errors));
    }
}
