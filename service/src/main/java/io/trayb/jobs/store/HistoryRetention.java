package io.trayb.jobs.store;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Lets finished jobs go when they have been kept for long enough: whole days at once, and row by row only what has no day or
 * holds one up. Time counts from a job's finish, by the database's clock.
 */
public final class HistoryRetention {
    /** What became of a day. */
    public enum Drop {
        DROPPED,
        /** Too many of its jobs finished late: its old jobs have to be pruned row by row. */
        HELD_UP,
        /** Another node is at it. */
        LEFT_TO_OTHERS
    }

    /**
     * How many jobs that finished late are moved out of a day's way. While they are, nobody can read the history: this many take
     * some 10 ms.
     */
    static final int MOST_MOVED = 1_000;

    private static final String NOW = """
            SELECT now()
            """;

    private static final String DAYS = """
            SELECT to_date(right(class.relname, 8), 'YYYYMMDD')
              FROM pg_inherits AS child JOIN pg_class AS class ON class.oid = child.inhrelid
             WHERE child.inhparent = '%1$s'::regclass AND class.relname ~ '_[0-9]{8}$'
             ORDER BY 1
            """;

    // Bounded. Rides the day's index of what finished after the day (HistoryDays): hence the condition that says
    // nothing new. The day is a literal, since a partial index is found by one only.
    private static final String COUNT_LATE = """
            SELECT count(*)
              FROM (SELECT FROM %1$s_%2$s
                     WHERE finished_at >= '%3$s' AND finished_at >= now() - :keptSeconds * interval '1 second'
                     LIMIT :limit) AS late
            """;

    // DDL takes no parameters: what is put in is made here of dates and numbers. The locks on the part of the history
    // and on its rest are held until the commit, against readers too; they are given up for now when they can't be
    // had within half a second, since whoever comes meanwhile waits behind us. What finished late goes to the rest,
    // which can't take it before: rows of a day that has a partition belong there. The day takes what it counted
    // along.
    private static final String DROP = """
            SET LOCAL lock_timeout = '500ms';
            ALTER TABLE %1$s DETACH PARTITION %1$s_%2$s;
            INSERT INTO %1$s SELECT * FROM %1$s_%2$s
             WHERE finished_at >= '%3$s' AND finished_at >= now() - interval '%4$d seconds';
            DROP TABLE %1$s_%2$s;
            DELETE FROM trayb_queue_counts WHERE source = '%1$s_%2$s';
            """;

    // Rides the index on finished_at; skips what somebody is just putting back.
    private static final String PRUNE_REST = """
            DELETE FROM %1$s_other
             WHERE ctid = ANY(ARRAY(SELECT ctid FROM %1$s_other
                                     WHERE finished_at < now() - :keptSeconds * interval '1 second'
                                     ORDER BY finished_at
                                     LIMIT :limit
                                       FOR UPDATE SKIP LOCKED))
            """;

    // Reads the day from its beginning, where the old ones are.
    private static final String PRUNE_DAY = """
            DELETE FROM %1$s_%2$s
             WHERE ctid = ANY(ARRAY(SELECT ctid FROM %1$s_%2$s
                                     WHERE finished_at < now() - :keptSeconds * interval '1 second'
                                     LIMIT :limit
                                       FOR UPDATE SKIP LOCKED))
            """;

    private HistoryRetention() {}

    /** The days that are over for so long that all of a part that finished on them may go; oldest first. */
    public static List<LocalDate> expired(Handle handle, HistoryPart part, Duration kept) {
        Instant now = handle.createQuery(NOW).mapTo(Instant.class).one();
        return handle.createQuery(DAYS.formatted(part.table())).mapTo(LocalDate.class).list().stream()
                .filter(day -> !endOf(day).plus(kept).isAfter(now))
                .toList();
    }

    /**
     * Drops a day whose jobs have been kept for long enough. Those that finished after it, and not yet so long ago, are moved to
     * the rest and stay. To be called in a transaction of its own, since nobody can read the history from the call to the
     * commit.
     *
     * @throws org.jdbi.v3.core.JdbiException also when somebody reads the history for so long that the lock can't be had
     */
    public static Drop drop(Handle handle, HistoryPart part, LocalDate day, Duration kept) {
        if (!HistoryDays.takeTurn(handle)) {
            return Drop.LEFT_TO_OTHERS;
        }
        String suffix = HistoryDays.suffix(day);
        long late = handle.createQuery(COUNT_LATE.formatted(part.table(), suffix, endOf(day)))
                .bind("keptSeconds", kept.toSeconds())
                .bind("limit", MOST_MOVED + 1)
                .mapTo(Long.class)
                .one();
        if (late > MOST_MOVED) {
            return Drop.HELD_UP;
        }
        QueueCounts.awaitTurn(handle);
        handle.createScript(DROP.formatted(part.table(), suffix, endOf(day), kept.toSeconds()))
                .execute();
        return Drop.DROPPED;
    }

    /** Deletes up to {@code limit} jobs of the rest that have been kept for long enough; returns how many. */
    public static int pruneRest(Handle handle, HistoryPart part, Duration kept, int limit) {
        return prune(handle, PRUNE_REST.formatted(part.table()), kept, limit);
    }

    /** As {@link #pruneRest}, of a day that is held up. */
    public static int pruneDay(Handle handle, HistoryPart part, LocalDate day, Duration kept, int limit) {
        return prune(handle, PRUNE_DAY.formatted(part.table(), HistoryDays.suffix(day)), kept, limit);
    }

    private static int prune(Handle handle, String sql, Duration kept, int limit) {
        return handle.createUpdate(sql)
                .bind("keptSeconds", kept.toSeconds())
                .bind("limit", limit)
                .execute();
    }

    private static Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
