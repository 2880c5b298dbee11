package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a remote worker says about a job that it holds. Each throws a problem, 400 or 413, with everything that is wrong. */
final class WorkerRequests {
    private static final List<String> HEARTBEAT = List.of("leaseToken", "leaseMs", "progress", "log");
    private static final List<String> COMPLETION = List.of("leaseToken", "result");
    private static final List<String> FAILURE = List.of("leaseToken", "error", "retry");
    private static final Pattern LOG = Pattern.compile("[^\\x00\\ud800-\\udfff]{0,2000}");
    private static final Pattern ERROR = Pattern.compile(".+", Pattern.DOTALL);

    /**
     * That it is still at it.
     *
     * @param leaseId of its token
     * @param lease how long it may be silent from now on
     * @param progress 0 to 100, or null
     */
    record Heartbeat(
            long leaseId,
            Duration lease,
            @Nullable Integer progress,
            @Nullable String log) {
        static Heartbeat read(@Nullable JsonNode body) {
            ValidationErrors errors = new ValidationErrors();
            JsonFields fields = JsonFields.ofBody(body, HEARTBEAT, errors);
            long leaseId = holder(fields);
            long leaseMs = fields.number(
                    "leaseMs", LeaseResource.MIN_LEASE_MS, LeaseResource.MAX_LEASE_MS, LeaseResource.DEFAULT_LEASE_MS);
            Integer progress = fields.present("progress") == null ? null : (int) fields.number("progress", 0, 100, 0);
            String log = fields.text("log", LOG, "of at most 2000 characters, without U+0000 or a lone surrogate");
            errors.throwIfAny();
            return new Heartbeat(leaseId, Duration.ofMillis(leaseMs), progress, log);
        }
    }

    /**
     * That it is done.
     *
     * @param result JSON, or null
     */
    record Completion(long leaseId, @Nullable String result) {
        static Completion read(@Nullable JsonNode body) {
            ValidationErrors errors = new ValidationErrors();
            JsonFields fields = JsonFields.ofBody(body, COMPLETION, errors);
            long leaseId = holder(fields);
            String result = fields.present("result") == null ? null : fields.json("result");
            errors.throwIfAny();
            return new Completion(leaseId, result);
        }
    }

    /**
     * That it has failed.
     *
     * @param error what went wrong, as it was sent
     * @param retry whether another attempt may mend it
     */
    record Failure(long leaseId, String error, boolean retry) {
        static Failure read(@Nullable JsonNode body) {
            ValidationErrors errors = new ValidationErrors();
            JsonFields fields = JsonFields.ofBody(body, FAILURE, errors);
            long leaseId = holder(fields);
            String error = fields.text("error", ERROR, "that says what went wrong");
            fields.require("error");
            boolean retry = fields.flag("retry", true);
            errors.throwIfAny();
            return new Failure(leaseId, String.valueOf(error), retry);
        }
    }

    private WorkerRequests() {}

    private static long holder(JsonFields fields) {
        String token = fields.text("leaseToken", LeaseTokens.TOKEN, "as it came with the lease");
        fields.require("leaseToken");
        return LeaseTokens.leaseId(token);
    }
}
