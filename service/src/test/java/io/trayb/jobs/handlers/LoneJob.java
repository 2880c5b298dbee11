package io.trayb.jobs.handlers;

import io.trayb.jobs.JobContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The job of a handler that is tried by itself. */
final class LoneJob implements JobContext {
    @Override
    public UUID id() {
        return new UUID(0, 1);
    }

    @Override
    public String queue() {
        return "mail";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int maxAttempts() {
        return 5;
    }

    @Override
    public void progress(int percent, @Nullable String message) {}

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public String idempotencyKey() {
        return id().toString();
    }
}
