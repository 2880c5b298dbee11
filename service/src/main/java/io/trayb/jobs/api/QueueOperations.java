package io.trayb.jobs.api;

import static io.trayb.openapi.Operation.describe;

import io.trayb.jobs.JobState;
import io.trayb.jobs.QueueState;
import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.List;

/** The calls for queues, as the API's description has them. */
public final class QueueOperations {
    /** What these calls are about. */
    public static final String TAG = "queues";

    static final String NAME = "The queue's name. It exists from its first job or setting on.";
    static final String BAD_NAME =
            "No queue can have this name, or the body isn't as it should be; `errors` names each field.";

    private static final Schema LIMIT = Schema.whole(1, LimitsRequest.MOST);

    private static final Schema QUEUE = RecordSchema.of(QueueState.class)
            .field("name", JobSchemas.QUEUE, "What it is called.")
            .field("paused", "Whether nothing on it is started.")
            .field("maxActive", LIMIT, "How many of its jobs may run at once over all nodes; `null` for any number.")
            .field(
                    "maxStartsPerSecond",
                    LIMIT,
                    "How many of its jobs may start within any second over all nodes; `null` for any number.")
            .field("waiting", "Jobs that are ready.")
            .field("delayed", "Jobs whose time has not come.")
            .field("active", "Jobs that are running.")
            .field("failed", "Failed jobs that are kept.")
            .field("oldestWaitingMs", "How long the job that is ready longest has waited; `null` when none waits.")
            .named("Queue");

    private QueueOperations() {}

    /** All of them. */
    public static List<Operation> all() {
        return List.of(list(), limit(), pause(), resume(), replay());
    }

    private static Operation list() {
        return describe("GET /api/v1/queues", "listQueues", TAG, "Lists queues and what is on them")
                .details(
                        "Counted at most once a second, but never older than what the client has just done by this node.")
                .answers(
                        200,
                        RecordSchema.of(QueueResource.QueueList.class)
                                .field("queues", Schema.list(QUEUE), "All that the key can see, by name.")
                                .named("QueueList"),
                        "All queues.")
                .build();
    }

    private static Operation limit() {
        return describe("PUT /api/v1/queues/{queue}", "limitQueue", TAG, "Sets the limits of a queue over all nodes")
                .details("Replaces both: a limit that is left out is none.")
                .path("queue", JobSchemas.QUEUE, NAME)
                .takes(ObjectSchema.request()
                        .optional("maxActive", LIMIT, "How many of its jobs may run at once; `null` for any number.")
                        .optional(
                                "maxStartsPerSecond",
                                LIMIT,
                                "How many of its jobs may start within any second; `null` for any number.")
                        .named("QueueLimits"))
                .answers(200, QUEUE, "The queue.")
                .refuses(400, BAD_NAME)
                .build();
    }

    private static Operation pause() {
        return describe("POST /api/v1/queues/{queue}/pause", "pauseQueue", TAG, "Starts no more jobs of a queue")
                .details("Jobs that run go on; the queue takes new ones. It stays so over restarts.")
                .path("queue", JobSchemas.QUEUE, NAME)
                .answers(200, QUEUE, "The queue.")
                .refuses(400, BAD_NAME)
                .build();
    }

    private static Operation resume() {
        return describe("POST /api/v1/queues/{queue}/resume", "resumeQueue", TAG, "Starts jobs of a queue again")
                .path("queue", JobSchemas.QUEUE, NAME)
                .answers(200, QUEUE, "The queue.")
                .refuses(400, BAD_NAME)
                .build();
    }

    private static Operation replay() {
        return describe(
                        "POST /api/v1/queues/{queue}/replay",
                        "replayQueue",
                        TAG,
                        "Puts back many failed or cancelled jobs at once")
                .path("queue", JobSchemas.QUEUE, NAME)
                .takes(ObjectSchema.request()
                        .optional(
                                "state",
                                Schema.oneOf(List.of(JobState.FAILED.wireName(), JobState.CANCELLED.wireName()))
                                        .otherwise(JobState.FAILED.wireName()),
                                "Which ones.")
                        .optional("type", JobSchemas.TYPE, "Only those of this type.")
                        .optional(
                                "failedAfter",
                                Schema.time(),
                                "Only those that were finished after this time; from 1970 on.")
                        .optional(
                                "limit",
                                Schema.whole(1, ReplayRequest.MAX_LIMIT).otherwise(ReplayRequest.DEFAULT_LIMIT),
                                "How many at most.")
                        .named("ReplayRequest"))
                .answers(
                        200,
                        RecordSchema.of(QueueResource.Replayed.class)
                                .field("replayed", "How many jobs wait again.")
                                .named("Replayed"),
                        "How many it were.")
                .refuses(400, BAD_NAME)
                .build();
    }
}
