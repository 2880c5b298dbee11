package io.trayb.jobs.handlers;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import org.jspecify.annotations.Nullable;

/** {@code fail}: fails its first attempts, by default all of them, then completes. */
public final class FailHandler implements JobHandler<FailHandler.@Nullable Payload> {
    /**
     * @param message what the failure says
     * @param times how many attempts fail; null for all
     */
    public record Payload(
            @JsonProperty @Nullable String message,
            @JsonProperty @Nullable Integer times) {}

    private static final String DEFAULT_MESSAGE = "failed as asked";

    @Override
    public String type() {
        return "fail";
    }

    @Override
    public @Nullable Object run(@Nullable Payload payload, JobContext job) throws JobFailure {
        Integer times = payload == null ? null : payload.times();
        if (times == null || job.attempt() <= times) {
            String message = payload == null ? null : payload.message();
            throw JobFailure.retry(message == null ? DEFAULT_MESSAGE : message);
        }
        return null;
    }
}
