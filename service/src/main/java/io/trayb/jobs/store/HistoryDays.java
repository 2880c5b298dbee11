package io.trayb.jobs.store;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The days of the history: a partition of finished jobs for each day of submission (UTC), for each of the two parts that are
 * kept for different times. A day's ids are one range, since a UUIDv7 begins with the time.
 */
public final class HistoryDays {
    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
    /** A UUIDv7 has the milliseconds since 1970 in its first 48 bits: RFC 9562, section 5.7. */
    private static final int BITS_BELOW_TIME = 16;

    private static final String TODAY = """
            SELECT CAST(now() AT TIME ZONE 'UTC' AS date)
            """;

    // One node at a time; the others needn't wait, they look again in an hour. Held until the commit.
    private static final String TAKE_TURN = """
            SELECT pg_try_advisory_xact_lock(hashtext('trayb history days'))
            """;

    private static final String EXISTS = """
            SELECT count(*) > 0 FROM pg_class AS class JOIN pg_inherits AS child ON child.inhrelid = class.oid
             WHERE class.relname = :name AND child.inhparent = '%s'::regclass
            """;

    // DDL takes no parameters: what is put in is made here of dates and numbers. A lock that isn't had within two
    // seconds is given up, so that nobody who reads or writes the history waits behind us for longer. The index has
    // only what finished after the day: few, and what has to be found when the day is dropped (HistoryRetention).
    // What is moved is counted here (QueueCounts), since the triggers that count come with the attachment. The lock on
    // the part itself makes everybody wait before they look up its partitions: a reader that had looked, and waited for
    // the rest only, would find neither what was moved out of it nor the day to which it went.
    private static final String ADD = """
            SET LOCAL lock_timeout = '2s';
            LOCK TABLE ONLY %1$s IN ACCESS EXCLUSIVE MODE;
            LOCK TABLE %1$s_other IN ACCESS EXCLUSIVE MODE;
            CREATE TABLE %1$s_%2$s (LIKE %1$s INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
            CREATE INDEX ON %1$s_%2$s (finished_at) WHERE finished_at >= '%5$s';
            WITH moved AS (
                DELETE FROM %1$s_other WHERE id >= '%3$s' AND id < '%4$s' RETURNING *)
            INSERT INTO %1$s_%2$s SELECT * FROM moved;
            INSERT INTO trayb_queue_counts (source, queue, type, failed)
            SELECT '%1$s_%2$s', queue, type, count(*) FROM %1$s_%2$s WHERE state = 'failed' GROUP BY queue, type;
            ALTER TABLE %1$s ATTACH PARTITION %1$s_%2$s FOR VALUES FROM ('%3$s') TO ('%4$s');
            """;

    private HistoryDays() {}

    /** The database's day, UTC. */
    public static LocalDate today(Handle handle) {
        return handle.createQuery(TODAY).mapTo(LocalDate.class).one();
    }

    /**
     * Gives a day its partition of one part of the history, unless it has it. What had gone to the default partition before is
     * moved. To be called in a transaction of its own, since nobody can read that part from the call to the commit.
     *
     * @return whether it was added; false also when another node is at it
     * @throws org.jdbi.v3.core.JdbiException also when somebody reads the history for so long that the lock can't be had
     */
    public static boolean add(Handle handle, HistoryPart part, LocalDate day) {
        if (!takeTurn(handle) || exists(handle, part, day)) {
            return false;
        }
        handle.createScript(ADD.formatted(
                        part.table(),
                        suffix(day),
                        firstIdOf(day),
                        firstIdOf(day.plusDays(1)),
                        day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()))
                .execute();
        return true;
    }

    private static boolean exists(Handle handle, HistoryPart part, LocalDate day) {
        return handle.createQuery(EXISTS.formatted(part.table()))
                .bind("name", part.table() + "_" + suffix(day))
                .mapTo(Boolean.class)
                .one();
    }

    /** Whether this transaction may change the days: no other one does until its commit. */
    static boolean takeTurn(Handle handle) {
        return handle.createQuery(TAKE_TURN).mapTo(Boolean.class).one();
    }

    /** What the names of a day's partitions end in. */
    static String suffix(LocalDate day) {
        return SUFFIX.format(day);
    }

    /** The least id that a job of this day can have. */
    static UUID firstIdOf(LocalDate day) {
        long millis = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        return new UUID(millis << BITS_BELOW_TIME, 0);
    }
}
