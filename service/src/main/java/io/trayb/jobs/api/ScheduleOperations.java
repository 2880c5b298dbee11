package io.trayb.jobs.api;

import static io.trayb.openapi.Operation.describe;

import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.schedule.CronExpression;
import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.List;
import java.util.Map;

/** The calls for schedules, as the API's description has them. */
public final class ScheduleOperations {
    /** What these calls are about. */
    public static final String TAG = "schedules";

    private static final Schema NAME = Schema.text(ScheduleDefinition.NAME);
    private static final Schema CRON = Schema.text(1, CronExpression.MAX_LENGTH);
    private static final Schema INTERVAL_MS =
            Schema.whole(ScheduleDefinition.MIN_INTERVAL.toMillis(), ScheduleDefinition.MAX_INTERVAL.toMillis());
    private static final Schema TIME_ZONE = Schema.text(1, ScheduleReader.MAX_ZONE_LENGTH);
    private static final Schema MISSED_RUNS = Schema.oneOf(List.of("skip", "once"));
    private static final String UNKNOWN =
            "There is no such schedule, or its jobs go to a queue that the key can't see.";

    private static final Schema SCHEDULE = RecordSchema.of(ScheduleView.class)
            .field("name", NAME, "What it is called.")
            .field("cron", CRON, "Five fields as in crontab(5), or `null`.")
            .field("intervalMs", INTERVAL_MS, "Or else an interval, or `null`.")
            .field("timeZone", TIME_ZONE, "By whose wall clock `cron` goes.")
            .field("missedRuns", "What becomes of ticks that nobody could run.")
            .field("enabled", "Whether it runs.")
            .field("job", job(), "What is submitted at each tick, with the defaults filled in.")
            .field("nextRunAt", "When it runs next; `null` while it is disabled.")
            .field("lastRunAt", "When it last submitted its job; `null` before the first time.")
            .field(
                    "lastJobId",
                    Schema.text(),
                    "The job that came of it, or that had the unique key; `null` before the first.")
            .field("createdAt", "When it was added.")
            .named("Schedule");

    private ScheduleOperations() {}

    private static Schema job() {
        return RecordSchema.of(ScheduleView.JobView.class)
                .field("queue", JobSchemas.QUEUE, "Where it waits.")
                .field("type", JobSchemas.TYPE, "Which handler or worker runs it.")
                .field("payload", "Any JSON.")
                .field("priority", JobSchemas.PRIORITY, "0 runs first, 9 last.")
                .field("delayMs", JobSchemas.DELAY_MS, "How long after the tick.")
                .field("maxAttempts", JobSchemas.MAX_ATTEMPTS, "How many starts there may be.")
                .field("timeoutMs", JobSchemas.TIMEOUT_MS, "How long one attempt may run.")
                .field("uniqueKey", Schema.text(JobSubmission.UNIQUE_KEY), "As in a submission, or `null`.")
                .named("ScheduleJob");
    }

    /** All of them. */
    public static List<Operation> all() {
        return List.of(add(), list(), get(), replace(), remove());
    }

    private static ObjectSchema definition() {
        return ObjectSchema.request()
                .optional(
                        "cron",
                        CRON,
                        "Five fields as in crontab(5): minute, hour, day of the month, month, day of the week. This, or `intervalMs`.")
                .optional("intervalMs", INTERVAL_MS, "Or else an interval, in milliseconds.")
                .optional(
                        "timeZone",
                        TIME_ZONE.otherwise(ScheduleDefinition.DEFAULT_TIME_ZONE),
                        "The IANA name of the time zone by whose wall clock `cron` goes.")
                .optional(
                        "missedRuns",
                        MISSED_RUNS.otherwise(ScheduleDefinition.DEFAULT_MISSED_RUNS.wireName()),
                        "What becomes of ticks that nobody could run: nothing, or one run for all of them.")
                .optional("enabled", Schema.flag().otherwise(true), "A disabled schedule is kept and doesn't run.")
                .required("job", JobSchemas.SCHEDULED, "What is submitted at each tick.");
    }

    private static Operation add() {
        return describe("POST /api/v1/schedules", "addSchedule", TAG, "Adds a schedule")
                .takes(definition()
                        .required("name", NAME, "What it is to be called.")
                        .named("NewSchedule"))
                .answers(201, SCHEDULE, "The schedule.", Map.of("Location", "Where the schedule is."))
                .refuses(409, "There is one of this name.")
                .build();
    }

    private static Operation list() {
        return describe("GET /api/v1/schedules", "listSchedules", TAG, "Lists schedules by name")
                .query("limit", JobOperations.limit(), "How many at most.")
                .query("cursor", NAME, "As `nextCursor` of the page before had it.")
                .answers(
                        200,
                        RecordSchema.of(ScheduleResource.Page.class)
                                .field("schedules", Schema.list(SCHEDULE), "By name.")
                                .field("nextCursor", "The `cursor` of the next page; `null` if this is the last one.")
                                .named("SchedulePage"),
                        "A page.")
                .build();
    }

    private static Operation get() {
        return describe("GET /api/v1/schedules/{name}", "getSchedule", TAG, "Shows a schedule")
                .path("name", Schema.text(), "The schedule's name.")
                .answers(200, SCHEDULE, "The schedule.")
                .refuses(404, UNKNOWN)
                .build();
    }

    private static Operation replace() {
        return describe("PUT /api/v1/schedules/{name}", "replaceSchedule", TAG, "Replaces a schedule")
                .details("The same timing goes on as it was; another one begins at once.")
                .path("name", Schema.text(), "The schedule's name.")
                .takes(definition()
                        .optional("name", NAME, "As in the path, or left out.")
                        .named("ScheduleReplacement"))
                .answers(200, SCHEDULE, "The schedule.")
                .refuses(404, UNKNOWN)
                .build();
    }

    private static Operation remove() {
        return describe("DELETE /api/v1/schedules/{name}", "removeSchedule", TAG, "Removes a schedule")
                .path("name", Schema.text(), "The schedule's name.")
                .answersNothing(204, "It is gone. Jobs that it has submitted stay.")
                .refuses(404, UNKNOWN)
                .build();
    }
}
