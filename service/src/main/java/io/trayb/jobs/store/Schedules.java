package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The schedules that are kept. */
public final class Schedules {
    /**
     * A schedule whose tick has come, locked until the end of the transaction.
     *
     * @param now when it was looked for
     */
    public record Due(Schedule schedule, Instant now) {}

    /**
     * How far a schedule has come.
     *
     * @param nextTickAt in whole milliseconds
     * @param lastJobId the job that came of the tick; null if none did, and then the last run stays what it was
     */
    public record Advance(
            String name, Instant nextTickAt, @Nullable UUID lastJobId) {}

    /**
     * Lets only schedules pass whose jobs go to some queues; nulls let all pass.
     *
     * @param queue only this one
     * @param queuePrefix only those whose names begin so
     */
    public record QueueFilter(
            @Nullable String queue, @Nullable String queuePrefix) {
        /** Lets all pass. */
        public static final QueueFilter ALL = new QueueFilter(null, null);
    }

    // One who adds at a time, until its transaction ends: so that two can't both find room for the last one.
    private static final String LOCK_ADDING = """
            SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtext('trayb schedules'))) AS locked
            """;

    private static final String COUNT = "SELECT count(*) FROM trayb_schedules";

    // The clock and not now(): a transaction may have waited for a lock since it began.
    private static final String CLOCK = "SELECT date_trunc('milliseconds', clock_timestamp())";

    // Of two at once with one name, the second waits for the first and then adds nothing.
    private static final String INSERT = """
            INSERT INTO trayb_schedules (name, cron, interval_ms, time_zone, missed_runs, enabled,
                                         queue, type, payload, priority, delay_ms, max_attempts, timeout_ms, unique_key,
                                         starts_at, next_tick_at, created_at)
            VALUES (:name, :cron, :intervalMs, :timeZone, :missedRuns, :enabled,
                    :queue, :type, CAST(:payload AS json), :priority, :delayMs, :maxAttempts, :timeoutMs, :uniqueKey,
                    :startsAt, :nextTickAt, :startsAt)
            ON CONFLICT (name) DO NOTHING
            RETURNING *
            """;

    private static final String FIND = "SELECT * FROM trayb_schedules WHERE name = :name";

    private static final String FIND_SEEN = """
            SELECT * FROM trayb_schedules
             WHERE name = :name
               AND (CAST(:queue AS text) IS NULL OR queue = :queue)
               AND (CAST(:queuePrefix AS text) IS NULL OR starts_with(queue, :queuePrefix))
            """;

    private static final String LIST = """
            SELECT * FROM trayb_schedules
             WHERE name > :after
               AND (CAST(:queue AS text) IS NULL OR queue = :queue)
               AND (CAST(:queuePrefix AS text) IS NULL OR starts_with(queue, :queuePrefix))
             ORDER BY name
             LIMIT :limit
            """;

    // Waits for a scheduler that is at this one; later ones pass it by until the transaction ends.
    private static final String LOCK = """
            SELECT * FROM trayb_schedules
             WHERE name = :name
               AND (CAST(:queue AS text) IS NULL OR queue = :queue)
               AND (CAST(:queuePrefix AS text) IS NULL OR starts_with(queue, :queuePrefix))
               FOR UPDATE
            """;

    private static final String REPLACE = """
            UPDATE trayb_schedules
               SET cron = :cron, interval_ms = :intervalMs, time_zone = :timeZone, missed_runs = :missedRuns,
                   enabled = :enabled, queue = :queue, type = :type, payload = CAST(:payload AS json),
                   priority = :priority, delay_ms = :delayMs, max_attempts = :maxAttempts, timeout_ms = :timeoutMs,
                   unique_key = :uniqueKey, starts_at = :startsAt, next_tick_at = :nextTickAt
             WHERE name = :name
            RETURNING *
            """;

    private static final String REMOVE = """
            DELETE FROM trayb_schedules
             WHERE name = :name
               AND (CAST(:queue AS text) IS NULL OR queue = :queue)
               AND (CAST(:queuePrefix AS text) IS NULL OR starts_with(queue, :queuePrefix))
            """;

    // Rides trayb_schedules_due; skips what another node is just at, so that each tick is one node's.
    private static final String LOCK_DUE = """
            SELECT *, now() AS found_at
              FROM trayb_schedules
             WHERE enabled AND next_tick_at <= now()
             ORDER BY next_tick_at, name
             LIMIT :limit
               FOR UPDATE SKIP LOCKED
            """;

    // Rows that this transaction has locked.
    private static final String ADVANCE = """
            UPDATE trayb_schedules AS schedule
               SET next_tick_at = to_timestamp(advanced.next_tick_ms / 1000.0),
                   last_run_at = CASE WHEN advanced.job_id IS NULL THEN schedule.last_run_at ELSE now() END,
                   last_job_id = coalesce(advanced.job_id, schedule.last_job_id)
              FROM unnest(:names, :nextTicks, :jobIds) AS advanced (name, next_tick_ms, job_id)
             WHERE schedule.name = advanced.name
            """;

    // Rides trayb_schedules_due.
    private static final String UNTIL_NEXT = """
            SELECT CAST(ceil(extract(epoch FROM next_tick_at - now()) * 1000) AS bigint)
              FROM trayb_schedules
             WHERE enabled
             ORDER BY next_tick_at, name
             LIMIT 1
            """;

    private static final RowMapper<Schedule> ROW = (row, context) -> read(row);

    private Schedules() {}

    /** Lets nobody else add schedules until the end of the transaction; returns how many there are. */
    public static long lockAdding(Handle handle) {
        handle.createQuery(LOCK_ADDING).mapTo(Integer.class).one();
        return handle.createQuery(COUNT).mapTo(Long.class).one();
    }

    /** What the database's clock says, in whole milliseconds. */
    public static Instant clock(Handle handle) {
        return handle.createQuery(CLOCK).mapTo(Instant.class).one();
    }

    /** Adds a schedule; empty if there is one of this name. */
    public static Optional<Schedule> insert(
            Handle handle, ScheduleDefinition definition, Instant startsAt, Instant nextTickAt) {
        return bind(handle.createQuery(INSERT), definition, startsAt, nextTickAt)
                .map(ROW)
                .findOne();
    }

    public static Optional<Schedule> find(Handle handle, String name) {
        return handle.createQuery(FIND).bind("name", name).map(ROW).findOne();
    }

    /** One that a filter lets pass. */
    public static Optional<Schedule> find(Handle handle, String name, QueueFilter filter) {
        return named(handle.createQuery(FIND_SEEN), name, filter).map(ROW).findOne();
    }

    /** By name, from the first that comes after this text and that a filter lets pass. */
    public static List<Schedule> list(Handle handle, String after, int limit, QueueFilter filter) {
        return handle.createQuery(LIST)
                .bind("after", after)
                .bind("queue", filter.queue())
                .bind("queuePrefix", filter.queuePrefix())
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    /** Holds a schedule until the end of the transaction; empty if a filter lets none of this name pass. */
    public static Optional<Schedule> lock(Handle handle, String name, QueueFilter filter) {
        return named(handle.createQuery(LOCK), name, filter).map(ROW).findOne();
    }

    /** Replaces one that this transaction has locked. What came of it so far stays. */
    public static Schedule replace(Handle handle, ScheduleDefinition definition, Instant startsAt, Instant nextTickAt) {
        return bind(handle.createQuery(REPLACE), definition, startsAt, nextTickAt)
                .map(ROW)
                .one();
    }

    /** Removes a schedule; returns whether there was one that a filter lets pass. */
    public static boolean remove(Handle handle, String name, QueueFilter filter) {
        return named(handle.createUpdate(REMOVE), name, filter).execute() == 1;
    }

    /** Locks up to {@code limit} schedules that are due and that nobody else is at. */
    public static List<Due> lockDue(Handle handle, int limit) {
        return handle.createQuery(LOCK_DUE)
                .bind("limit", limit)
                .map((row, context) -> new Due(read(row), instant(row, "found_at")))
                .list();
    }

    /** Notes how far schedules have come that this transaction has locked. */
    public static void advance(Handle handle, List<Advance> advances) {
        handle.createUpdate(ADVANCE)
                .bind("names", SqlArray.of(String.class, Column.of(advances, Advance::name)))
                .bind(
                        "nextTicks",
                        SqlArray.of(
                                Long.class,
                                Column.of(
                                        advances,
                                        advance -> advance.nextTickAt().toEpochMilli())))
                .bind("jobIds", SqlArray.of(UUID.class, Column.of(advances, Advance::lastJobId)))
                .execute();
    }

    /** How long until the next one is due; zero or less if one is due already, empty if none ever is. */
    public static Optional<Duration> untilNext(Handle handle) {
        return handle.createQuery(UNTIL_NEXT).mapTo(Long.class).findOne().map(Duration::ofMillis);
    }

    private static <S extends SqlStatement<S>> S named(S statement, String name, QueueFilter filter) {
        return statement.bind("name", name).bind("queue", filter.queue()).bind("queuePrefix", filter.queuePrefix());
    }

    private static Query bind(Query query, ScheduleDefinition definition, Instant startsAt, Instant nextTickAt) {
        Duration interval = definition.interval();
        JobSubmission job = definition.job();
        return query.bind("name", definition.name())
                .bind("cron", definition.cron())
                .bind("intervalMs", interval == null ? null : interval.toMillis())
                .bind("timeZone", definition.timeZone())
                .bind("missedRuns", definition.missedRuns().wireName())
                .bind("enabled", definition.enabled())
                .bind("queue", job.queue())
                .bind("type", job.type())
                .bind("payload", job.payload())
                .bind("priority", job.priority())
                .bind("delayMs", job.delay().toMillis())
                .bind("maxAttempts", job.maxAttempts())
                .bind("timeoutMs", (int) job.timeout().toMillis())
                .bind("uniqueKey", job.uniqueKey())
                .bind("startsAt", startsAt)
                .bind("nextTickAt", nextTickAt);
    }

    private static Schedule read(ResultSet row) throws SQLException {
        long intervalMs = row.getLong("interval_ms");
        Duration interval = row.wasNull() ? null : Duration.ofMillis(intervalMs);
        String missedRuns = row.getString("missed_runs");
        JobSubmission job = new JobSubmission(
                row.getString("queue"),
                row.getString("type"),
                row.getString("payload"),
                row.getInt("priority"),
                null,
                Duration.ofMillis(row.getLong("delay_ms")),
                row.getInt("max_attempts"),
                Duration.ofMillis(row.getInt("timeout_ms")),
                row.getString("unique_key"));
        Timestamp lastRunAt = row.getTimestamp("last_run_at");
        return new Schedule(
                new ScheduleDefinition(
                        row.getString("name"),
                        row.getString("cron"),
                        interval,
                        row.getString("time_zone"),
                        MissedRuns.find(missedRuns)
                                .orElseThrow(() -> new SQLException(
                                        "missed_runs is '" + missedRuns + "', which this version doesn't know")),
                        row.getBoolean("enabled"),
                        job),
                instant(row, "starts_at"),
                instant(row, "next_tick_at"),
                lastRunAt == null ? null : lastRunAt.toInstant(),
                row.getObject("last_job_id", UUID.class),
                instant(row, "created_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }
}
