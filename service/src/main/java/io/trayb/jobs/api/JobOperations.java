package io.trayb.jobs.api;

import static io.trayb.jobs.api.JobSchemas.JOB;
import static io.trayb.openapi.Operation.describe;

import io.trayb.http.QueryParameters;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The calls for jobs, as the API's description has them. */
public final class JobOperations {
    /** What these calls are about. */
    public static final String TAG = "jobs";

    static final Schema ID = Schema.text();
    static final String UNKNOWN = "There is no such job, or it is on a queue that the key can't see.";

    private static final Schema IDEMPOTENCY_KEY = Schema.text(JobSubmission.UNIQUE_KEY);
    private static final String IDEMPOTENCY =
            "For 24 hours the same key with the same body answers 200 with what the first one made, and with another body 409.";
    private static final String TAKEN = "The `Idempotency-Key` stands for another body, or its job is gone.";

    private JobOperations() {}

    /** All of them. */
    public static List<Operation> all() {
        return List.of(submit(), list(), batch(), get(), cancel(), retry());
    }

    private static Operation submit() {
        return describe("POST /api/v1/jobs", "submitJob", TAG, "Submits a job")
                .details("Answers once the job is on disk: what got a 201 is never lost.")
                .header(Intake.IDEMPOTENCY_KEY, IDEMPOTENCY_KEY, IDEMPOTENCY)
                .takes(JobSchemas.SUBMISSION)
                .answers(201, JOB, "The new job.", Map.of("Location", "Where the job is."))
                .answers(200, JOB, "The job that an earlier request made, or that has the `uniqueKey`.")
                .refuses(409, TAKEN)
                .build();
    }

    private static Operation batch() {
        Schema entry = RecordSchema.of(BatchResource.Batch.Entry.class)
                .field("job", JOB, "Its fields.")
                .field("existing", "Whether another unfinished job had the `uniqueKey`, and this is that one.")
                .named("BatchEntry");
        Schema batch = RecordSchema.of(BatchResource.Batch.class)
                .field("jobs", Schema.list(entry), "In the order of what was submitted.")
                .named("Batch");
        return describe("POST /api/v1/jobs/batch", "submitJobs", TAG, "Submits many jobs, all or none")
                .header(Intake.IDEMPOTENCY_KEY, IDEMPOTENCY_KEY, IDEMPOTENCY)
                .takes(ObjectSchema.request()
                        .required(
                                "jobs",
                                Schema.list(JobSchemas.SUBMISSION, 1, BatchResource.MAX_BATCH),
                                "What is submitted, in this order.")
                        .named("BatchSubmission"))
                .answers(201, batch, "The jobs.")
                .answers(200, batch, "The jobs that an earlier request made.")
                .refuses(409, TAKEN)
                .build();
    }

    private static Operation list() {
        Schema page = RecordSchema.of(JobResource.Page.class)
                .field("jobs", Schema.list(JOB), "Newest first.")
                .field("nextCursor", "The `cursor` of the next page; `null` if this is the last one.")
                .named("JobPage");
        return describe("GET /api/v1/jobs", "listJobs", TAG, "Lists jobs, newest first")
                .query("queue", JobSchemas.QUEUE, "Only those of this queue.")
                .query("type", JobSchemas.TYPE, "Only those of this type.")
                .query(
                        "state",
                        Schema.oneOf(Arrays.stream(JobState.values())
                                .map(JobState::wireName)
                                .toList()),
                        "Only those in this state.")
                .query("limit", limit(), "How many at most.")
                .query("cursor", Schema.text(ListQuery.CURSOR), "As `nextCursor` of the page before had it.")
                .answers(200, page, "A page.")
                .build();
    }

    static Schema limit() {
        return Schema.whole(1, QueryParameters.MAX_LIMIT).otherwise(QueryParameters.DEFAULT_LIMIT);
    }

    private static Operation get() {
        return describe("GET /api/v1/jobs/{id}", "getJob", TAG, "Shows a job")
                .path("id", ID, "The job's id.")
                .header("If-None-Match", Schema.text(), "The `ETag` of what the client has already.")
                .answers(200, JOB, "The job.", Map.of("ETag", "Changes when the job does."))
                .header("If-Match", Schema.text(), "An `ETag` that the job must have, or else 412.")
                .answersNothing(304, "The job is as the client has it.")
                .refuses(404, UNKNOWN)
                .refuses(412, "The job hasn't the `ETag` that `If-Match` names.")
                .build();
    }

    private static Operation cancel() {
        return describe("DELETE /api/v1/jobs/{id}", "cancelJob", TAG, "Cancels a job")
                .details(
                        "A running job is cancelled at once for everybody; its handler is interrupted, and whatever it still does is"
                                + " discarded. A remote worker hears of it at its next heartbeat.")
                .path("id", ID, "The job's id.")
                .answers(200, JOB, "The cancelled job.")
                .refuses(404, UNKNOWN)
                .refuses(409, "The job is finished.")
                .build();
    }

    private static Operation retry() {
        return describe(
                        "POST /api/v1/jobs/{id}/retry",
                        "retryJob",
                        TAG,
                        "Puts back a failed or cancelled job, with fresh attempts")
                .path("id", ID, "The job's id.")
                .answers(200, JOB, "The job, waiting.")
                .refuses(404, UNKNOWN)
                .refuses(409, "The job is neither failed nor cancelled, or another unfinished job has its `uniqueKey`.")
                .build();
    }
}
