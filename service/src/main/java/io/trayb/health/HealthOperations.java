package io.trayb.health;

import static io.trayb.openapi.Operation.describe;

import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.List;

/** The calls for load balancers, as the API's description has them; no key is asked for. */
public final class HealthOperations {
    /** What these calls are about. */
    public static final String TAG = "health";

    private HealthOperations() {}

    /** All of them. */
    public static List<Operation> all() {
        return List.of(live(), ready());
    }

    private static Operation live() {
        return describe("GET /healthz", "healthz", TAG, "Says whether the process lives")
                .details("Asks no dependency.")
                .answers(
                        200,
                        RecordSchema.of(LivenessServlet.Answer.class)
                                .field("status", "Always `ok`.")
                                .field("uptimeMs", "Since its start, in milliseconds.")
                                .field("version", "Of the product.")
                                .named("Liveness"),
                        "It lives.")
                .build();
    }

    private static Operation ready() {
        Schema check = ObjectSchema.answer()
                .required("status", Schema.text(), "`ok`, `down`, or `unknown` before the first answer.")
                .optional(
                        "latencyMs", Schema.count().orNull(), "How long the last answer took; `null` before the first.")
                .optional(
                        "error", Schema.text(), "Why it is down, in plain words; the admin port and the log say more.")
                .optional(
                        "failures",
                        Schema.count(),
                        "How many probes in a row have failed, where some have; one alone doesn't make it `down`.")
                .named("HealthCheck");
        Schema readiness = RecordSchema.of(Readiness.Answer.class)
                .field("status", "`ok` or `degraded`.")
                .field("reason", "`starting` or `draining`, where it is one of them.")
                .field("checks", checks(check), "Each dependency; `pressure` is shown and not counted.")
                .named("Readiness");
        return describe("GET /readyz", "readyz", TAG, "Says whether this node should get traffic")
                .details("Never waits for a dependency: they are asked once a second.")
                .answers(200, readiness, "It should.")
                .answers(503, readiness, "It shouldn't: a dependency is away, or the process starts or stops.")
                .build();
    }

    private static Schema checks(Schema check) {
        Schema pressure = ObjectSchema.answer()
                .required("status", Schema.text(), "`ok`, or `high` while requests are refused.")
                .required("reasons", Schema.list(Schema.text()), "Why they are; none when `ok`.")
                .required(
                        "delayMs",
                        Schema.count(),
                        "How long work waits for its thread, at worst within the last second.")
                .required("heapUsed", Schema.share(), "The share of the heap that the last collection left in use.")
                .required("requests", Schema.count(), "How many requests hold a thread.")
                .required("connectionWaiters", Schema.count(), "How many threads wait for a connection to Postgres.")
                .named("Pressure");
        return ObjectSchema.answer()
                .required("postgres", check, "Postgres, which holds the jobs.")
                .required("redis", check, "Redis, which holds the events.")
                .required("queue", check, "The threads of this process that jobs need.")
                .required("pressure", pressure, "How hard-pressed this process is.")
                .named("HealthChecks");
    }
}
