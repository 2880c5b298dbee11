package io.trayb.jobs.api;

import static io.trayb.openapi.Operation.describe;

import io.trayb.jobs.JobError;
import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.List;

/** The calls for workers in other languages, as the API's description has them. */
public final class WorkerOperations {
    /** What these calls are about. */
    public static final String TAG = "workers";

    private static final Schema TOKEN = Schema.text(LeaseTokens.TOKEN);
    private static final String TOKEN_MEANING = "As it came with the lease.";
    private static final String NOT_HELD = "The token is no longer the holder's; nothing was changed.";
    private static final Schema LEASE_MS = Schema.whole(LeaseResource.MIN_LEASE_MS, LeaseResource.MAX_LEASE_MS)
            .otherwise(LeaseResource.DEFAULT_LEASE_MS);

    private WorkerOperations() {}

    /** All of them. */
    public static List<Operation> all() {
        return List.of(lease(), beat(), complete(), fail());
    }

    private static Operation lease() {
        Schema leased = RecordSchema.of(LeaseResource.Leases.Lease.class)
                .field("job", JobSchemas.JOB, "Its fields.")
                .field("leaseToken", TOKEN, "To be shown with everything that is said about the job.")
                .field("leaseExpiresAt", "When it goes to another worker unless a heartbeat comes.")
                .named("LeasedJob");
        return describe(
                        "POST /api/v1/queues/{queue}/leases",
                        "leaseJobs",
                        TAG,
                        "Claims waiting jobs, and waits for the first one")
                .path("queue", JobSchemas.QUEUE, QueueOperations.NAME)
                .takes(ObjectSchema.request()
                        .required(
                                "worker",
                                Schema.text(LeaseResource.WORKER),
                                "Who works, as events and people shall read it.")
                        .optional(
                                "limit",
                                Schema.whole(1, LeaseResource.MAX_LIMIT).otherwise(1),
                                "How many at most.")
                        .optional(
                                "leaseMs", LEASE_MS, "How long each is held unless a heartbeat comes, in milliseconds.")
                        .optional(
                                "waitMs",
                                Schema.whole(0, LeaseResource.MAX_WAIT_MS).otherwise(0),
                                "How long to wait for the first, in milliseconds.")
                        .optional(
                                "types",
                                Schema.list(JobSchemas.TYPE, 1, LeaseResource.MAX_TYPES),
                                "Only jobs of these types; all if it is left out.")
                        .named("LeaseRequest"))
                .answers(
                        200,
                        RecordSchema.of(LeaseResource.Leases.class)
                                .field("jobs", Schema.list(leased), "None, if there was none in time.")
                                .named("Leases"),
                        "The jobs that the worker holds from now on.")
                .refuses(400, QueueOperations.BAD_NAME)
                .build();
    }

    private static Operation beat() {
        return describe(
                        "POST /api/v1/jobs/{id}/heartbeat",
                        "heartbeat",
                        TAG,
                        "Extends a lease, and hears whether to stop")
                .path("id", JobOperations.ID, "The job's id.")
                .takes(ObjectSchema.request()
                        .required("leaseToken", TOKEN, TOKEN_MEANING)
                        .optional("leaseMs", LEASE_MS, "How long from now, in milliseconds.")
                        .optional("progress", Schema.whole(0, 100), "Percent.")
                        .optional("log", Schema.text(0, 2000), "A line for those who follow the job; without U+0000.")
                        .named("Heartbeat"))
                .answers(
                        200,
                        RecordSchema.of(HeldJobResource.Beat.class)
                                .field("cancelled", "Tells the worker to stop: whatever it does is discarded.")
                                .field("leaseExpiresAt", "Until when the job is held; `null` if it was cancelled.")
                                .named("HeartbeatAnswer"),
                        "Whether to go on.")
                .refuses(404, JobOperations.UNKNOWN)
                .refuses(409, NOT_HELD)
                .build();
    }

    private static Operation complete() {
        return describe("POST /api/v1/jobs/{id}/complete", "completeJob", TAG, "Says that a job is done")
                .path("id", JobOperations.ID, "The job's id.")
                .takes(ObjectSchema.request()
                        .required("leaseToken", TOKEN, TOKEN_MEANING)
                        .optional("result", Schema.anything(), "Any JSON, within the limits of a payload.")
                        .named("Completion"))
                .answers(200, JobSchemas.JOB, "The completed job.")
                .refuses(404, JobOperations.UNKNOWN)
                .refuses(409, NOT_HELD)
                .build();
    }

    private static Operation fail() {
        return describe("POST /api/v1/jobs/{id}/fail", "failJob", TAG, "Says that an attempt has failed")
                .path("id", JobOperations.ID, "The job's id.")
                .takes(ObjectSchema.request()
                        .required("leaseToken", TOKEN, TOKEN_MEANING)
                        .required(
                                "error",
                                Schema.nonEmpty(),
                                "What went wrong; " + JobError.MAX_MESSAGE_LENGTH + " characters of it are kept.")
                        .optional(
                                "retry",
                                Schema.flag().otherwise(true),
                                "Whether to try again while attempts are left; otherwise it fails for good.")
                        .named("Failure"))
                .answers(200, JobSchemas.JOB, "The job, delayed until the next attempt or failed.")
                .refuses(404, JobOperations.UNKNOWN)
                .refuses(409, NOT_HELD)
                .build();
    }
}
