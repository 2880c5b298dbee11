package io.trayb.jobs.api;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.Arrays;

/** What jobs look like, on their way in and out. */
final class JobSchemas {
    static final Schema QUEUE = Schema.text(JobSubmission.QUEUE);
    static final Schema TYPE = Schema.text(JobSubmission.TYPE);
    static final Schema PRIORITY = Schema.whole(0, JobSubmission.MAX_PRIORITY);
    static final Schema MAX_ATTEMPTS = Schema.whole(1, JobSubmission.MAX_MAX_ATTEMPTS);
    static final Schema TIMEOUT_MS = Schema.whole(1, JobSubmission.MAX_TIMEOUT.toMillis());
    static final Schema DELAY_MS = Schema.whole(0, JobSubmission.MAX_DELAY.toMillis());
    static final Schema STATE = Schema.oneOf(
                    Arrays.stream(JobState.values()).map(JobState::wireName).toList())
            .named("JobState");

    private static final Schema ERROR = RecordSchema.of(JobError.class)
            .field("message", "What went wrong.")
            .field("attempt", "The attempt that failed, from 1.")
            .field("at", "When it failed.")
            .named("JobError");

    static final Schema JOB = RecordSchema.of(Job.class)
            .field("id", "Sorts by the time of submission. Opaque: take it as a text.")
            .field("queue", QUEUE, "Where it waits.")
            .field("type", TYPE, "Which handler or worker runs it.")
            .field("state", STATE, "`delayed` → `waiting` → `active` → `completed`, `failed` or `cancelled`.")
            .field("priority", PRIORITY, "0 runs first, 9 last.")
            .field("payload", "As it was submitted.")
            .field("attempt", "The present or last start, from 1; 0 before the first.")
            .field("maxAttempts", MAX_ATTEMPTS, "How many starts there may be.")
            .field("timeoutMs", TIMEOUT_MS, "How long one attempt may run.")
            .field("runAt", "When it may start, or might have started.")
            .field("progress", Schema.whole(0, 100), "Percent; `null` while none was reported.")
            .field("result", "What the handler returned; `null` unless it is completed.")
            .field("error", ERROR, "How the last attempt failed; `null` if none did.")
            .field(
                    "uniqueKey",
                    Schema.text(JobSubmission.UNIQUE_KEY),
                    "What no other unfinished job of its queue and type has, or `null`.")
            .field("createdAt", "When it was submitted.")
            .field("startedAt", "When the present or last attempt began; `null` before the first.")
            .field("finishedAt", "When it was completed, failed for good or was cancelled; `null` until then.")
            .named("Job");

    static final Schema SUBMISSION = submission()
            .optional(
                    "runAt",
                    Schema.time(),
                    "Not before that time; 1970 to one year from now. Not together with `delayMs`.")
            .named("JobSubmission");

    /** What a schedule submits: it says itself when. */
    static final Schema SCHEDULED = submission().named("ScheduledJob");

    private JobSchemas() {}

    private static ObjectSchema submission() {
        return ObjectSchema.request()
                .required(
                        "type",
                        TYPE,
                        "Which handler or worker runs it. A type that nobody knows waits for a worker that does.")
                .optional(
                        "queue",
                        QUEUE.otherwise(JobSubmission.DEFAULT_QUEUE),
                        "Where it waits. A queue exists from its first job on.")
                .optional(
                        "payload",
                        Schema.anything(),
                        "Any JSON, at most 256 KiB, without U+0000 and lone surrogates. `null` if it is left out.")
                .optional("priority", PRIORITY.otherwise(JobSubmission.DEFAULT_PRIORITY), "0 runs first, 9 last.")
                .optional("delayMs", DELAY_MS.otherwise(0), "So many milliseconds from now; at most a year.")
                .optional(
                        "maxAttempts",
                        MAX_ATTEMPTS.otherwise(JobSubmission.DEFAULT_MAX_ATTEMPTS),
                        "How many starts there may be.")
                .optional(
                        "timeoutMs",
                        TIMEOUT_MS.otherwise(JobSubmission.DEFAULT_TIMEOUT.toMillis()),
                        "How long one attempt may run, in milliseconds.")
                .optional(
                        "uniqueKey",
                        Schema.text(JobSubmission.UNIQUE_KEY),
                        "As long as an unfinished job of the same queue and type has it, submitting another one gives that job.");
    }
}
