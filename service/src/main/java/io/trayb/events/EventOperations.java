package io.trayb.events;

import static io.trayb.openapi.Operation.describe;

import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The calls for events, as the API's description has them. */
public final class EventOperations {
    /** What these calls are about. */
    public static final String TAG = "events";

    private static final Schema TOPIC =
            Schema.text(Pattern.compile("jobs|queue:[a-z0-9][a-z0-9._-]{0,63}|job:[A-Za-z0-9_-]{1,64}"));
    private static final Schema CURSOR = Schema.text(Cursor.WIRE);
    private static final Schema TICKET = Schema.text(Pattern.compile("[A-Za-z0-9_-]{32}"));
    private static final String TOPICS = "What to follow: " + Topics.FORM
            + ". May be there more than once; may be left out with a ticket, which has topics.";
    private static final String AFTER =
            "To go on after this cursor. Without one it begins with what comes from now on.";
    private static final String TICKET_MEANING = "In the place of a key, for where no header can be sent.";

    private EventOperations() {}

    /** All of them. */
    public static List<Operation> all() {
        return List.of(stream(), poll(), issueTicket());
    }

    private static Operation stream() {
        return describe(
                        "GET " + Events.STREAM_PATH,
                        "streamEvents",
                        TAG,
                        "Follows events over a stream that doesn't end")
                .details("""
                        Server-sent events, as the HTML standard has them: `id` is a cursor, `event` a name, `data` one line of JSON, the same as \
                        `data` of a poll's events. A block of an `id` alone comes at once and as a sign of life. `event: gap` with \
                        `{"reason","dropped"}` says that events may be missing: read the state again. `event: close` with `{"reason"}` comes \
                        before the service ends a stream.""")
                .ticket()
                .query("topic", Schema.list(TOPIC, 1, Subscription.MAX_TOPICS), TOPICS)
                .query("after", CURSOR, AFTER)
                .query("ticket", TICKET, TICKET_MEANING)
                .header(
                        "Last-Event-ID",
                        CURSOR,
                        "As `after`, and goes before it: what a browser sends when it comes back.")
                .answers(
                        200,
                        "text/event-stream",
                        Schema.text(),
                        "The stream.",
                        Map.of("Cache-Control", "Always `no-cache, no-transform`."))
                .refuses(
                        503,
                        "Streams are switched off (then `Link` with `rel=\"alternate\"` leads to the poll), the node carries as many as it may,"
                                + " or it stops. `Retry-After` says when to come back.")
                .build();
    }

    private static Operation poll() {
        return describe("GET " + Events.POLL_PATH, "pollEvents", TAG, "Follows the same events by long polling")
                .details("With no `after` it answers at once, with the present cursor and no events.")
                .ticket()
                .query("topic", Schema.list(TOPIC, 1, Subscription.MAX_TOPICS), TOPICS)
                .query("after", CURSOR, AFTER)
                .query("ticket", TICKET, TICKET_MEANING)
                .query(
                        "timeoutMs",
                        Schema.whole(0, PollServlet.MAX_TIMEOUT_MS).otherwise(PollServlet.MAX_TIMEOUT_MS),
                        "How long to wait for the first event, in milliseconds.")
                .query(
                        "limit",
                        Schema.whole(1, PollServlet.MAX_LIMIT).otherwise(PollServlet.MAX_LIMIT),
                        "How many at most.")
                .header("Last-Event-ID", CURSOR, "As `after`, and goes before it.")
                .answers(
                        200,
                        ObjectSchema.answer()
                                .required("events", Schema.list(event()), "In the order of the log.")
                                .required("cursor", CURSOR, "For the next poll's `after`.")
                                .required("gap", Schema.flag(), "Whether events may be missing: read the state again.")
                                .named("EventPage"),
                        "What there was until now, or came in time.")
                .build();
    }

    private static Operation issueTicket() {
        return describe("POST /api/v1/events/tickets", "issueTicket", TAG, "Issues a ticket for one stream or one poll")
                .details(
                        "For a browser, which can't send a key with its `EventSource`. It has the rights of the key that it was issued to.")
                .takes(ObjectSchema.request()
                        .required(
                                "topics",
                                Schema.list(TOPIC, 1, Subscription.MAX_TOPICS),
                                "What may be followed with it.")
                        .named("TicketRequest"))
                .answers(
                        201,
                        RecordSchema.of(Tickets.Issued.class)
                                .field("ticket", TICKET, "A secret, good for one connection.")
                                .field("expiresAt", "When it is of no use any more.")
                                .named("Ticket"),
                        "The ticket.")
                .build();
    }

    private static Schema event() {
        Schema error = ObjectSchema.answer()
                .required("message", Schema.text(), "What went wrong.")
                .required("attempt", Schema.whole(1, Integer.MAX_VALUE), "The attempt that failed.")
                .required("at", Schema.time(), "When it failed.")
                .named("EventError");
        Schema data = ObjectSchema.answer()
                .required("jobId", Schema.text(), "The job.")
                .required("queue", Schema.text(), "Its queue.")
                .required("type", Schema.text(), "Its type.")
                .required("at", Schema.time(), "When it happened.")
                .optional("attempt", Schema.whole(0, Integer.MAX_VALUE), "The present or last attempt.")
                .optional("runAt", Schema.time(), "Of `job.waiting` and `job.delayed`: when it may start.")
                .optional(
                        "reason",
                        Schema.text(),
                        "Of `job.waiting` and `job.delayed`: `submitted`, `due`, `retry`, `lease-lost` or `returned`.")
                .optional("worker", Schema.text(), "Of `job.active`: who runs it.")
                .optional("progress", Schema.whole(0, 100).orNull(), "Of `job.progress`: percent, or `null`.")
                .optional("log", Schema.text().orNull(), "Of `job.progress`: a line from its handler, or `null`.")
                .optional("durationMs", Schema.count(), "Of `job.completed`: how long its last attempt took.")
                .optional("error", error, "Of `job.failed`, and of `job.delayed` if an attempt failed.")
                .named("EventData");
        return ObjectSchema.answer()
                .required("id", CURSOR, "The cursor after it.")
                .required(
                        "event",
                        Schema.text(),
                        "`job.waiting`, `job.delayed`, `job.active`, `job.progress`, `job.completed`, `job.failed` or `job.cancelled`.")
                .required("data", data, "What happened. Fields that it hasn't are left out.")
                .named("Event");
    }
}
