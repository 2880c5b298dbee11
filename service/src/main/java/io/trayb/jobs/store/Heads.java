package io.trayb.jobs.store;

import io.trayb.database.Patience;
import io.trayb.database.SqlArray;
import io.trayb.jobs.store.Floors.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Looks for the first waiting job of a queue, type and priority, and measures what it takes to get there. */
public final class Heads {
    /**
     * What a look has found.
     *
     * @param first where the first job stands that waits; null if none does
     * @param lookedAt by the database's clock: what it had committed by then was seen
     * @param took how long the look at this level took
     */
    public record Head(Level level, @Nullable Place first, Instant lookedAt, Duration took) {}

    private static final String QUEUES = """
            SELECT name FROM trayb_queues
            """;

    // One probe of trayb_jobs_waiting_by_type for each level, one after the other, so that the time from row to row is
    // the level's own. Passes by what is dead and can't be cleaned away yet: that is what is measured. Locks nothing.
    private static final String LOOK = """
            SELECT level.queue, level.type, level.priority, next.ready_at, next.id, now() AS looked_at,
                   CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) AS micros
              FROM unnest(:queues, :types, :priorities, CAST(:readyAts AS timestamptz[]), :ids)
                   AS level (queue, type, priority, ready_at, id)
              LEFT JOIN LATERAL (
                   SELECT job.ready_at, job.id
                     FROM trayb_jobs AS job
                    WHERE job.state = 'waiting' AND job.queue = level.queue AND job.type = level.type
                      AND job.priority = level.priority AND (job.ready_at, job.id) >= (level.ready_at, level.id)
                      AND NOT job.last_life
                    ORDER BY job.ready_at, job.id
                    LIMIT 1) AS next ON true
            """;

    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    private record Row(Head head, long micros) {}

    private Heads() {}

    /** The queues that there are. */
    public static List<String> queues(Handle handle) {
        return handle.createQuery(QUEUES).mapTo(String.class).list();
    }

    /**
     * Looks at each level from a place on, and has the patience that it takes to pass by millions of dead entries, which is more
     * than a connection of the pool has otherwise.
     */
    public static List<Head> lookPatiently(Handle handle, Map<Level, Place> from) {
        return Patience.with(handle, LONGEST_LOOK, () -> look(handle, from));
    }

    /** Looks at each level from a place on. */
    public static List<Head> look(Handle handle, Map<Level, Place> from) {
        List<Map.Entry<Level, Place>> entries = new ArrayList<>();
        // The first row's time is that of the way there, and not of a look: no queue has no name.
        entries.add(Map.entry(new Level("", "", 0), Place.FIRST));
        entries.addAll(from.entrySet());
        List<Row> rows = handle.createQuery(LOOK)
                .bind(
                        "queues",
                        SqlArray.of(
                                String.class,
                                Column.of(entries, entry -> entry.getKey().queue())))
                .bind(
                        "types",
                        SqlArray.of(
                                String.class,
                                Column.of(entries, entry -> entry.getKey().type())))
                .bind(
                        "priorities",
                        SqlArray.of(
                                Integer.class,
                                Column.of(entries, entry -> entry.getKey().priority())))
                .bind(
                        "readyAts",
                        SqlArray.of(
                                String.class,
                                Column.of(
                                        entries,
                                        entry -> entry.getValue().readyAt().toString())))
                .bind(
                        "ids",
                        SqlArray.of(
                                UUID.class,
                                Column.of(entries, entry -> entry.getValue().id())))
                .map((row, context) -> {
                    UUID id = row.getObject("id", UUID.class);
                    Level level = new Level(row.getString("queue"), row.getString("type"), row.getInt("priority"));
                    Place first = id == null
                            ? null
                            : new Place(row.getTimestamp("ready_at").toInstant(), id);
                    return new Row(
                            new Head(level, first, row.getTimestamp("looked_at").toInstant(), Duration.ZERO),
                            row.getLong("micros"));
                })
                .list();
        List<Head> heads = new ArrayList<>(from.size());
        for (int i = 1; i < rows.size(); i++) {
            Head head = rows.get(i).head();
            long micros = rows.get(i).micros() - rows.get(i - 1).micros();
            heads.add(new Head(head.level(), head.first(), head.lookedAt(), Duration.ofNanos(micros * 1000)));
        }
        return heads;
    }
}
