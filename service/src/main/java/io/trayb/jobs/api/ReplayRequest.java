package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.store.Revivals;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads which jobs of a queue to put back. */
final class ReplayRequest {
    private static final Set<String> FIELDS = new TreeSet<>(List.of("state", "type", "failedAfter", "limit"));
    private static final int MAX_LIMIT = 100_000;
    private static final int DEFAULT_LIMIT = 1_000;

    private ReplayRequest() {}

    /** @throws io.trayb.http.ProblemException 400 with everything that is wrong */
    static Revivals.Filter read(String queue, @Nullable JsonNode body) {
        ValidationErrors errors = new ValidationErrors();
        if (body == null || !body.isObject()) {
            errors.add("body", body, "must be a JSON object");
            errors.throwIfAny();
            throw new IllegalStateException("a body is either an object or refused");
        }
        body.fieldNames()
                .forEachRemaining(field -> errors.check(
                        FIELDS.contains(field),
                        field,
                        body.get(field),
                        "is not known; known are " + String.join(", ", FIELDS)));
        String stateName = body.path("state").asText("failed");
        JobState state = JobState.find(stateName).orElse(JobState.ACTIVE);
        errors.check(
                state == JobState.FAILED || state == JobState.CANCELLED,
                "state",
                body.get("state"),
                "must be failed or cancelled");
        JsonNode type = body.path("type");
        if (!type.isMissingNode() && !type.isNull()) {
            errors.check(
                    type.isTextual()
                            && JobSubmission.TYPE.matcher(type.textValue()).matches(),
                    "type",
                    type,
                    "must be text " + JobSubmission.TYPE.pattern());
        }
        JsonNode limit = body.path("limit");
        boolean defaultLimit = limit.isMissingNode() || limit.isNull();
        errors.check(
                defaultLimit
                        || (limit.canConvertToInt()
                                && limit.isIntegralNumber()
                                && limit.intValue() >= 1
                                && limit.intValue() <= MAX_LIMIT),
                "limit",
                limit,
                "must be a whole number from 1 to " + MAX_LIMIT);
        Instant failedAfter = time(body.get("failedAfter"), errors);
        errors.throwIfAny();
        return new Revivals.Filter(
                queue, state, type.textValue(), failedAfter, defaultLimit ? DEFAULT_LIMIT : limit.intValue());
    }

    private static @Nullable Instant time(@Nullable JsonNode node, ValidationErrors errors) {
        if (node == null || node.isNull()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(node.asText()).toInstant();
        } catch (DateTimeException e) {
            errors.add("failedAfter", node, "must be a time such as 2026-11-23T09:00:00.000Z");
            return null;
        }
    }
}
