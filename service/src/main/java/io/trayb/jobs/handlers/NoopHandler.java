package io.trayb.jobs.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobHandler;
import org.jspecify.annotations.Nullable;

/** {@code noop}: completes at once. */
public final class NoopHandler implements JobHandler<JsonNode> {
    @Override
    public String type() {
        return "noop";
    }

    @Override
    public @Nullable Object run(JsonNode payload, JobContext job) {
        return null;
    }
}
