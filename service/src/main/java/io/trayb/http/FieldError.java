package io.trayb.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of a request. Immutable.
 *
 * @param field the path to it, such as {@code jobs[3].priority}; for a query or path parameter its name;
 *     shortened where it is long
 * @param value what was sent, shortened where it is long; null for a missing field
 * @param message a sentence that says what is allowed
 */
public record FieldError(String field, @Nullable Object value, String message) {
    /** Enough to recognise a value by, and little enough not to send a payload back. */
    private static final int SHOWN = 100;

    public FieldError {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(message, "message");
        field = shortened(field);
        value = shown(value);
    }

    private static @Nullable Object shown(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof JsonNode node && (node.isNumber() || node.isBoolean() || node.isNull())) {
            return node;
        }
        return shortened(value instanceof JsonNode node && node.isTextual() ? node.textValue() : value.toString());
    }

    private static String shortened(String text) {
        if (text.length() <= SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
        return text.substring(0, end) + "…";
    }
}
