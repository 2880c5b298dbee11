package io.trayb.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as clients see it, at one moment. Immutable; all times are by the database's clock.
 *
 * @param id a UUIDv7: ids sort by the time of submission
 * @param queue {@code [a-z0-9][a-z0-9._-]{0,63}}
 * @param type {@code [A-Za-z0-9][A-Za-z0-9._:-]{0,99}}
 * @param priority 0 (first) to 9 (last)
 * @param payload JSON text as submitted, less insignificant white space
 * @param attempt the present or last start, from 1; 0 before the first
 * @param maxAttempts 1 to 50
 * @param timeoutMs how long one attempt may run, in milliseconds
 * @param runAt when it may start, or might have started
 * @param progress percent, or null while none was reported
 * @param result JSON text of what the handler returned; null unless completed
 * @param error the last failed attempt, or null
 * @param uniqueKey what no other unfinished job of its queue and type has, or null
 * @param startedAt of the present or last attempt, or null
 * @param finishedAt null while unfinished
 */
@JsonPropertyOrder({
    "id",
    "queue",
    "type",
    "state",
    "priority",
    "payload",
    "attempt",
    "maxAttempts",
    "timeoutMs",
    "runAt",
    "progress",
    "result",
    "error",
    "uniqueKey",
    "createdAt",
    "startedAt",
    "finishedAt"
})
public record Job(
        UUID id,
        String queue,
        String type,
        JobState state,
        int priority,
        @JsonProperty("payload") @JsonRawValue String payload,
        int attempt,
        int maxAttempts,
        int timeoutMs,
        Instant runAt,
        @Nullable Integer progress,
        @JsonProperty("result") @JsonRawValue @Nullable String result,
        @Nullable JobError error,
        @Nullable String uniqueKey,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}
