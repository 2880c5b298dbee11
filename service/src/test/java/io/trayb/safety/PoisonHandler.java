package io.trayb.safety;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobHandler;
import org.jspecify.annotations.Nullable;

/** Ends the JVM that runs it, as a crash in native code or the kernel's out-of-memory killer does. */
public final class PoisonHandler implements JobHandler<JsonNode> {
    static final String TYPE = "safety.poison";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public @Nullable Object run(JsonNode payload, JobContext job) {
        Runtime.getRuntime().halt(137);
        return null;
    }
}
