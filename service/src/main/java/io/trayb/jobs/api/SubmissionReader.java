package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client submits. Notes everything that is wrong with it, each with its path, before it refuses.
 *
 * <p>A field that is {@code null} counts as left out.
 */
final class SubmissionReader {
    private static final Set<String> FIELDS = new TreeSet<>(List.of(
            "queue", "type", "payload", "priority", "runAt", "delayMs", "maxAttempts", "timeoutMs", "uniqueKey"));
    private static final Instant FIRST_RUN_AT = Instant.EPOCH;

    private final InstantSource clock;

    SubmissionReader(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Reads one job.
     *
     * @param path goes before the names of fields in errors, such as {@code jobs[3].}
     * @param errors takes what is wrong
     * @return null if something is wrong
     */
    @Nullable
    JobSubmission read(@Nullable JsonNode body, String path, ValidationErrors errors) {
        if (body == null || !body.isObject()) {
            errors.add(path.isEmpty() ? "body" : path.substring(0, path.length() - 1), body, "must be a JSON object");
            return null;
        }
        Fields fields = new Fields(body, path, errors);
        body.fieldNames().forEachRemaining(fields::known);
        String queue = fields.text("queue", JobSubmission.QUEUE, JobSubmission.QUEUE.pattern());
        String type = fields.text("type", JobSubmission.TYPE, JobSubmission.TYPE.pattern());
        if (fields.present("type") == null) {
            fields.wrong("type", null, "is required");
        }
        String uniqueKey =
                fields.text("uniqueKey", JobSubmission.UNIQUE_KEY, "of 1 to 200 visible ASCII characters, no spaces");
        long priority = fields.number("priority", 0, JobSubmission.MAX_PRIORITY, JobSubmission.DEFAULT_PRIORITY);
        long maxAttempts =
                fields.number("maxAttempts", 1, JobSubmission.MAX_MAX_ATTEMPTS, JobSubmission.DEFAULT_MAX_ATTEMPTS);
        long timeoutMs = fields.number(
                "timeoutMs", 1, JobSubmission.MAX_TIMEOUT.toMillis(), JobSubmission.DEFAULT_TIMEOUT.toMillis());
        long delayMs = fields.number("delayMs", 0, JobSubmission.MAX_DELAY.toMillis(), 0);
        Instant runAt = runAt(fields);
        if (fields.present("runAt") != null && fields.present("delayMs") != null) {
            fields.wrong("delayMs", body.get("delayMs"), "must not be there together with runAt");
        }
        String payload = payload(fields);
        if (fields.failed || type == null || payload == null) {
            return null;
        }
        return new JobSubmission(
                queue == null ? JobSubmission.DEFAULT_QUEUE : queue,
                type,
                payload,
                (int) priority,
                runAt,
                Duration.ofMillis(delayMs),
                (int) maxAttempts,
                Duration.ofMillis(timeoutMs),
                uniqueKey);
    }

    private @Nullable Instant runAt(Fields fields) {
        JsonNode node = fields.present("runAt");
        if (node == null) {
            return null;
        }
        Instant last = clock.instant().plus(JobSubmission.MAX_DELAY);
        if (node.isTextual()) {
            try {
                Instant time = OffsetDateTime.parse(node.textValue()).toInstant();
                if (!time.isBefore(FIRST_RUN_AT) && !time.isAfter(last)) {
                    return time;
                }
            } catch (DateTimeException e) {
                // Told below, together with what is out of range.
            }
        }
        fields.wrong("runAt", node, "must be a time such as 2026-11-23T09:00:00.000Z, from 1970 to one year from now");
        return null;
    }

    /** The payload as compact JSON; null if something is wrong with it. */
    private static @Nullable String payload(Fields fields) {
        JsonNode node = fields.present("payload");
        if (node == null) {
            return "null";
        }
        String text = node.toString();
        if (Payloads.isTooLarge(text)) {
            throw Payloads.tooLarge(fields.path + "payload");
        }
        if (Payloads.hasUnstorableText(text)) {
            fields.wrong("payload", null, "must not have text with U+0000 or a lone surrogate");
            return null;
        }
        return text;
    }

    /** The fields of one object. */
    private static final class Fields {
        private final JsonNode object;
        private final String path;
        private final ValidationErrors errors;
        private boolean failed;

        Fields(JsonNode object, String path, ValidationErrors errors) {
            this.object = object;
            this.path = path;
            this.errors = errors;
        }

        void wrong(String field, @Nullable JsonNode value, String message) {
            failed = true;
            errors.add(path + field, value, message);
        }

        void known(String field) {
            if (!FIELDS.contains(field)) {
                wrong(field, object.get(field), "is not known; known are " + String.join(", ", FIELDS));
            }
        }

        @Nullable
        JsonNode present(String field) {
            JsonNode node = object.get(field);
            return node == null || node.getNodeType() == JsonNodeType.NULL ? null : node;
        }

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
    }
}
