package io.trayb.jobs.handlers;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code sleep}: waits, reporting progress twice a second; stops when it is cancelled. */
public final class SleepHandler implements JobHandler<SleepHandler.@Nullable Payload> {
    /** @param ms how long to wait, in milliseconds; 0 to 24 h */
    public record Payload(
            @JsonProperty(value = "ms", required = true) long ms) {}

    private static final long REPORT_EVERY_MS = 500;
    private static final long MAX_MS = TimeUnit.DAYS.toMillis(1);

    @Override
    public String type() {
        return "sleep";
    }

    @Override
    public @Nullable Object run(@Nullable Payload payload, JobContext job) throws JobFailure, InterruptedException {
        if (payload == null || payload.ms() < 0 || payload.ms() > MAX_MS) {
            throw JobFailure.permanent("payload must be {\"ms\": N} with N from 0 to " + MAX_MS);
        }
        CountDownLatch never = new CountDownLatch(1);
        long start = System.nanoTime();
        long elapsedMs = 0;
        while (elapsedMs < payload.ms()) {
            job.progress((int) (100 * elapsedMs / payload.ms()));
            if (never.await(Math.min(REPORT_EVERY_MS, payload.ms() - elapsedMs), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts this latch down");
            }
            elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }
        job.progress(100);
        return null;
    }
}
