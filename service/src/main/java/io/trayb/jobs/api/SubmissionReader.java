package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
        JsonFields fields = new JsonFields(body, path, FIELDS, errors);
        String queue = fields.text("queue", JobSubmission.QUEUE, JobSubmission.QUEUE.pattern());
        String type = fields.text("type", JobSubmission.TYPE, JobSubmission.TYPE.pattern());
        fields.require("type");
        String uniqueKey =
                fields.text("uniqueKey", JobSubmission.UNIQUE_KEY, "of 1 to 200 visible ASCII characters, no spaces");
        long priority = fields.number("priority", 0, JobSubmission.MAX_PRIORITY, JobSubmission.DEFAULT_PRIORITY);
        long maxAttempts =
                fields.number("maxAttempts", 1, JobSubmission.MAX_MAX_ATTEMPTS, JobSubmission.DEFAULT_MAX_ATTEMPTS);
        long timeoutMs = fields.number(
                "timeoutMs", 1, JobSubmission.MAX_TIMEOUT.toMillis(), JobSubmission.DEFAULT_TIMEOUT.toMillis());
        long delayMs = fields.number("delayMs", 0, JobSubmission.MAX_DELAY.toMillis(), 0);
        Instant runAt = fields.time(
                "runAt", FIRST_RUN_AT, clock.instant().plus(JobSubmission.MAX_DELAY), "from 1970 to one year from now");
        if (fields.present("runAt") != null && fields.present("delayMs") != null) {
            fields.wrong("delayMs", body.get("delayMs"), "must not be there together with runAt");
        }
        String payload = fields.json("payload");
        if (fields.failed() || type == null || payload == null) {
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
}
