package io.trayb.events;

import io.trayb.http.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request for events asks for, and everything that is wrong with it. Not thread-safe.
 *
 * <p>All faults are collected before any is answered, so that a client's author sees them at once.
 */
final class EventRequest {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final HttpServletRequest request;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * @param known the parameters that this call has; any other is an error, so that a misspelt one isn't silently ignored
     */
    EventRequest(HttpServletRequest request, Set<String> known) {
        this.request = request;
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!known.contains(parameter.getKey())) {
                errors.add(new FieldError(
                        parameter.getKey(),
                        parameter.getValue()[0],
                        "is not a parameter of this call; there are " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    List<FieldError> errors() {
        return errors;
    }

    /** What a browser sends in the place of a key. */
    @Nullable
    String ticket() {
        return single(EventsServlet.TICKET);
    }

    /** The topics that are asked for; none when they are left to the ticket. */
    List<String> topics() {
        String[] given = request.getParameterValues("topic");
        if (given == null && request.getParameter(EventsServlet.TICKET) != null) {
            return List.of();
        }
        if (given == null) {
            errors.add(new FieldError("topic", null, "is required; repeat it for more than one: " + Topics.FORM));
            return List.of();
        }
        Set<String> topics = new LinkedHashSet<>(Arrays.asList(given));
        if (topics.size() > Subscription.MAX_TOPICS) {
            errors.add(new FieldError(
                    "topic", topics.size() + " topics", "may be given at most " + Subscription.MAX_TOPICS + " times"));
            return List.of();
        }
        for (String topic : topics) {
            if (!Topics.isValid(topic)) {
                errors.add(new FieldError("topic", topic, "must be " + Topics.FORM));
            }
        }
        return List.copyOf(topics);
    }

    /** The cursor to go on from; of both, the header: an EventSource repeats its first URL at each reconnect. */
    @Nullable
    Cursor after() {
        String header = request.getHeader(LAST_EVENT_ID);
        Cursor parameter = cursor("after", single("after"));
        return header == null || header.isEmpty() ? parameter : cursor(LAST_EVENT_ID, header);
    }

    private @Nullable Cursor cursor(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return Cursor.parse(text).orElseGet(() -> {
            errors.add(new FieldError(field, text, "must be a cursor, " + Cursor.FORM));
            return null;
        });
    }

    /** A whole number within bounds. */
    int number(String field, int least, int most, int otherwise) {
        String text = single(field);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same sentence as a number out of range.
        }
        errors.add(new FieldError(field, text, "must be a whole number from " + least + " to " + most));
        return otherwise;
    }

    private @Nullable String single(String field) {
        String[] given = request.getParameterValues(field);
        if (given == null) {
            return null;
        }
        if (given.length > 1) {
            // Tickets are secrets, and stay good.
            String shown = field.equals(EventsServlet.TICKET) ? null : String.join(", ", given);
            errors.add(new FieldError(field, shown, "may be given only once"));
        }
        return given[0];
    }
}
