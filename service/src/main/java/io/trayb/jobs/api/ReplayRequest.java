package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.store.Revivals;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which jobs of a queue to put back. */
final class ReplayRequest {
    private static final List<String> FIELDS = List.of("state", "type", "failedAfter", "limit");
    private static final Pattern STATE = Pattern.compile("failed|cancelled");
    static final int MAX_LIMIT = 100_000;
    static final int DEFAULT_LIMIT = 1_000;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private ReplayRequest() {}

    /** @throws io.trayb.http.ProblemException 400 with everything that is wrong */
    static Revivals.Filter read(String queue, @Nullable JsonNode body) {
        ValidationErrors errors = new ValidationErrors();
        JsonFields fields = JsonFields.ofBody(body, FIELDS, errors);
        String state = fields.text("state", STATE, "failed or cancelled");
        String type = fields.text("type", JobSubmission.TYPE, JobSubmission.TYPE.pattern());
        Instant failedAfter = fields.time("failedAfter", Instant.EPOCH, LAST, "from 1970 on");
        int limit = (int) fields.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        errors.throwIfAny();
        return new Revivals.Filter(
                queue, "cancelled".equals(state) ? JobState.CANCELLED : JobState.FAILED, type, failedAfter, limit);
    }
}
