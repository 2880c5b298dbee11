package io.trayb.jobs.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobHandler;

/** {@code echo}: its result is its payload. */
public final class EchoHandler implements JobHandler<JsonNode> {
    @Override
    public String type() {
        return "echo";
    }

    @Override
    public Object run(JsonNode payload, JobContext job) {
        return payload;
    }
}
