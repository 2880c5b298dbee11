package io.trayb.jobs.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as clients see it.
 *
 * @param job with the defaults filled in; it can be sent back as it is
 */
@JsonPropertyOrder({
    "name",
    "cron",
    "intervalMs",
    "timeZone",
    "missedRuns",
    "enabled",
    "job",
    "nextRunAt",
    "lastRunAt",
    "lastJobId",
    "createdAt"
})
record ScheduleView(
        String name,
        @Nullable String cron,
        @Nullable Long intervalMs,
        String timeZone,
        MissedRuns missedRuns,
        boolean enabled,
        JobView job,
        @Nullable Instant nextRunAt,
        @Nullable Instant lastRunAt,
        @Nullable UUID lastJobId,
        Instant createdAt) {

    /** What is submitted at each tick. */
    @JsonPropertyOrder({"queue", "type", "payload", "priority", "delayMs", "maxAttempts", "timeoutMs", "uniqueKey"})
    record JobView(
            String queue,
            String type,
            @JsonProperty("payload") @JsonRawValue String payload,
            int priority,
            long delayMs,
            int maxAttempts,
            long timeoutMs,
            @Nullable String uniqueKey) {
        static JobView of(JobSubmission job) {
            return new JobView(
                    job.queue(),
                    job.type(),
                    job.payload(),
                    job.priority(),
                    job.delay().toMillis(),
                    job.maxAttempts(),
                    job.timeout().toMillis(),
                    job.uniqueKey());
        }
    }

    static ScheduleView of(Schedule schedule) {
        ScheduleDefinition definition = schedule.definition();
        Duration interval = definition.interval();
        return new ScheduleView(
                definition.name(),
                definition.cron(),
                interval == null ? null : interval.toMillis(),
                definition.timeZone(),
                definition.missedRuns(),
                definition.enabled(),
                JobView.of(definition.job()),
                schedule.nextRunAt(),
                schedule.lastRunAt(),
                schedule.lastJobId(),
                schedule.createdAt());
    }
}
