package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a queue is to have from now on.
 *
 * @param maxActive how many of its jobs may run at once, or null for any number
 * @param maxStartsPerSecond how many may start within any second, or null for any number
 */
record LimitsRequest(@Nullable Integer maxActive, @Nullable Integer maxStartsPerSecond) {
    private static final List<String> FIELDS = List.of("maxActive", "maxStartsPerSecond");
    /** More than any deployment reaches: whoever means no limit says null. */
    static final int MOST = 1_000_000;

    private static final int NONE = 0;

    /**
     * Reads a body. A limit that is left out is none, since this replaces what the queue had.
     *
     * @throws io.trayb.http.ProblemException 400 with everything that is wrong
     */
    static LimitsRequest read(@Nullable JsonNode body, ValidationErrors errors) {
        JsonFields fields = JsonFields.ofBody(body, FIELDS, errors);
        Integer maxActive = limit(fields, "maxActive");
        Integer maxStartsPerSecond = limit(fields, "maxStartsPerSecond");
        errors.throwIfAny();
        return new LimitsRequest(maxActive, maxStartsPerSecond);
    }

    private static @Nullable Integer limit(JsonFields fields, String field) {
        int limit = (int) fields.number(field, 1, MOST, NONE);
        return limit == NONE ? null : limit;
    }
}
