package io.trayb.jobs.worker;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a handler sees of its execution. Thread-safe. */
final class ExecutionContext implements JobContext {
    private final Execution execution;
    private final Job job;

    ExecutionContext(Execution execution) {
        this.execution = execution;
        this.job = execution.lease().job();
    }

    @Override
    public UUID id() {
        return job.id();
    }

    @Override
    public String queue() {
        return job.queue();
    }

    @Override
    public int attempt() {
        return job.attempt();
    }

    @Override
    public int maxAttempts() {
        return job.maxAttempts();
    }

    @Override
    public void progress(int percent, @Nullable String message) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("progress is '" + percent + "', but must be 0 to 100");
        }
        execution.report(percent, message);
    }

    @Override
    public boolean isCancelled() {
        return execution.isSettled();
    }

    @Override
    public String idempotencyKey() {
        return job.id().toString();
    }
}
