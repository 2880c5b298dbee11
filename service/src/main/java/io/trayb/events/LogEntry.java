package io.trayb.events;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.resps.StreamEntry;

/** One entry of the log, as it stands in the Redis stream. */
sealed interface LogEntry {
    EntryId id();

    /**
     * An event. Its frame is encoded once, and only if somebody wants it.
     *
     * <p>Not thread-safe: for the thread that read it from the log and hands it out, and guarded by the hub's lock from then on. The
     * frame may go anywhere.
     */
    final class Change implements LogEntry {
        private final Cursor cursor;
        private final Event event;
        private final long committedAtMs;
        private final FrameEncoder encoder;
        private @Nullable Frame frame;

        Change(Cursor cursor, Event event, long committedAtMs, FrameEncoder encoder) {
            this.cursor = Objects.requireNonNull(cursor, "cursor");
            this.event = Objects.requireNonNull(event, "event");
            this.committedAtMs = committedAtMs;
            this.encoder = Objects.requireNonNull(encoder, "encoder");
        }

        @Override
        public EntryId id() {
            return cursor.id();
        }

        Cursor cursor() {
            return cursor;
        }

        Event event() {
            return event;
        }

        /** When the publisher said that it was committed, by its clock, in milliseconds since 1970. */
        long committedAtMs() {
            return committedAtMs;
        }

        /** The same for a client that gets it later than others, with the same bytes: its time to the socket isn't the hub's. */
        Change replayed() {
            Change replayed = new Change(cursor, event, committedAtMs, encoder);
            replayed.frame = frame().untimed();
            return replayed;
        }

        Frame frame() {
            Frame present = frame;
            if (present == null) {
                present = encoder.event(cursor, event);
                frame = present;
            }
            return present;
        }
    }

    /** Something may be missing just here. */
    record Gap(EntryId id, GapReason reason) implements LogEntry {}

    /** An epoch's first entry, or an entry that a newer version wrote: nothing to tell anybody. */
    record Silent(EntryId id) implements LogEntry {}

    static Map<String, String> fields(Event event, long committedAtMs) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", event.name());
        fields.put("job", event.jobId());
        fields.put("queue", event.queue());
        fields.put("data", event.data());
        fields.put("at", Long.toString(committedAtMs));
        return fields;
    }

    static Map<String, String> fields(GapReason reason) {
        return Map.of("gap", reason.wireName());
    }

    static LogEntry parse(StreamEntry entry, String epoch, FrameEncoder encoder) {
        EntryId id = EntryId.of(entry.getID());
        Map<String, String> fields = entry.getFields();
        String gap = fields.get("gap");
        if (gap != null) {
            // A reason that only a newer version knows is still a gap.
            return new Gap(id, GapReason.ofWireName(gap).orElse(GapReason.LOG_LOST));
        }
        String name = fields.get("name");
        String job = fields.get("job");
        String queue = fields.get("queue");
        String data = fields.get("data");
        if (name == null || job == null || queue == null || data == null || isMultiLine(name) || isMultiLine(data)) {
            // Somebody else wrote to our stream. A line break would let it forge blocks of the event stream.
            return new Silent(id);
        }
        return new Change(
                new Cursor(epoch, id), new Event(name, job, queue, data), committedAtMs(fields.get("at"), id), encoder);
    }

    /** An entry that says nothing of it, or nothing that makes sense, was committed no later than it was added. */
    private static long committedAtMs(@Nullable String text, EntryId id) {
        try {
            return text == null ? id.ms() : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return id.ms();
        }
    }

    private static boolean isMultiLine(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
