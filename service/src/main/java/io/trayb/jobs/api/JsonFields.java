package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.http.Timestamps;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object, and notes each that isn't as it should be. A field that is {@code null} counts as left
 * out. Used by one thread.
 */
final class JsonFields {
    private final JsonNode object;
    private final String path;
    private final ValidationErrors errors;
    private boolean failed;

    /**
     * Notes the fields that aren't known.
     *
     * @param path goes before the names of fields in errors, such as {@code jobs[3].}
     */
    JsonFields(JsonNode object, String path, Collection<String> known, ValidationErrors errors) {
        this.object = object;
        this.path = path;
        this.errors = errors;
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                wrong(field, object.get(field), "is not known; known are " + String.join(", ", known));
            }
        });
    }

    /**
     * The fields of a whole body.
     *
     * @throws ProblemException 400 if it is no object
     */
    static JsonFields ofBody(@Nullable JsonNode body, Collection<String> known, ValidationErrors errors) {
        if (body == null || !body.isObject()) {
            errors.add("body", body, "must be a JSON object");
            errors.throwIfAny();
            throw new IllegalStateException("a body is either an object or refused");
        }
        return new JsonFields(body, "", known, errors);
    }

    /** Whether anything was wrong so far. */
    boolean failed() {
        return failed;
    }

    void wrong(String field, @Nullable JsonNode value, String message) {
        failed = true;
        errors.add(path + field, value, message);
    }

    @Nullable
    JsonNode present(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    /** Notes it if a field is left out. */
    void require(String field) {
        if (present(field) == null) {
            wrong(field, null, "is required");
        }
    }

    /** @return null if it is left out or wrong */
    @Nullable
    String text(String field, Pattern pattern, String allowed) {
        JsonNode node = present(field);
        if (node == null) {
            return null;
        }
        if (!node.isTextual() || !pattern.matcher(node.textValue()).matches()) {
            wrong(field, node, "must be text " + allowed);
            return null;
        }
        return node.textValue();
    }

    /** @return {@code otherwise} if it is left out or wrong */
    long number(String field, long least, long most, long otherwise) {
        JsonNode node = present(field);
        if (node == null) {
            return otherwise;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < least
                || node.longValue() > most) {
            wrong(field, node, "must be a whole number from " + least + " to " + most);
            return otherwise;
        }
        return node.longValue();
    }

    /** @return {@code otherwise} if it is left out or wrong */
    boolean flag(String field, boolean otherwise) {
        JsonNode node = present(field);
        if (node == null) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            wrong(field, node, "must be true or false");
            return otherwise;
        }
        return node.booleanValue();
    }

    /** @return null if it is left out or wrong */
    @Nullable
    Instant time(String field, Instant first, Instant last, String range) {
        JsonNode node = present(field);
        if (node == null) {
            return null;
        }
        Optional<Instant> time = node.isTextual() ? Timestamps.parse(node.textValue()) : Optional.empty();
        if (time.isPresent() && !time.get().isBefore(first) && !time.get().isAfter(last)) {
            return time.get();
        }
        wrong(field, node, "must be a time such as 2026-11-23T09:00:00.000Z, " + range);
        return null;
    }

    /**
     * Any JSON, compact; {@code null} as text if it is left out.
     *
     * @return null if it has what can't be stored
     * @throws ProblemException 413 if it is too large
     */
    @Nullable
    String json(String field) {
        JsonNode node = present(field);
        if (node == null) {
            return "null";
        }
        String text = node.toString();
        if (Payloads.isTooLarge(text)) {
            throw ProblemException.of(
                    413,
                    path + field + " is larger than " + JobSubmission.MAX_PAYLOAD_BYTES
                            + " bytes of compact JSON in UTF-8");
        }
        if (Payloads.hasUnstorableText(text)) {
            wrong(field, null, "must not have text with U+0000 or a lone surrogate");
            return null;
        }
        return text;
    }
}
