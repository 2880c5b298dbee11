package io.trayb.jobs.store;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** How rows become jobs. */
final class JobRows {
    /** A row of {@code trayb_jobs}: unfinished, so without result and time of finish. */
    static final RowMapper<Job> LIVE = (row, context) -> read(row, null, null);

    /** A row of {@code trayb_finished_jobs} or of {@code trayb_all_jobs}. */
    static final RowMapper<Job> ANY = (row, context) -> read(row, row.getString("result"), instant(row, "finished_at"));

    /** A row of {@code trayb_jobs} that was just started. */
    static final RowMapper<LeasedJob> LEASED = (row, context) -> {
        Job job = read(row, null, null);
        Instant readyAt = requiredInstant(row, "ready_at");
        Instant startedAt = requiredInstant(row, "started_at");
        return new LeasedJob(
                job,
                row.getLong("lease_id"),
                Math.max(0, startedAt.toEpochMilli() - readyAt.toEpochMilli()),
                row.getBoolean("last_life"));
    };

    private JobRows() {}

    /**
     * A row that was just added, of which only what the database decided is read.
     *
     * @param submissions what was asked for, by id
     */
    static Job submitted(ResultSet row, Map<UUID, JobSubmission> submissions) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        JobSubmission submission = submissions.get(id);
        if (submission == null) {
            throw new SQLException("job " + id + " was added, which nobody asked for");
        }
        return new Job(
                id,
                submission.queue(),
                submission.type(),
                state(row.getString("state")),
                submission.priority(),
                submission.payload(),
                0,
                submission.maxAttempts(),
                Math.toIntExact(submission.timeout().toMillis()),
                requiredInstant(row, "run_at"),
                null,
                null,
                null,
                submission.uniqueKey(),
                requiredInstant(row, "created_at"),
                null,
                null);
    }

    /**
     * A row of {@code trayb_finished_jobs} that was just written, of which only what the holder of the job doesn't know is read.
     *
     * @param held the job as it was started
     */
    static Job completed(ResultSet row, Job held, @Nullable String result) throws SQLException {
        return new Job(
                held.id(),
                held.queue(),
                held.type(),
                JobState.COMPLETED,
                held.priority(),
                held.payload(),
                held.attempt(),
                held.maxAttempts(),
                held.timeoutMs(),
                held.runAt(),
                integer(row, "progress"),
                result,
                held.error(),
                held.uniqueKey(),
                held.createdAt(),
                held.startedAt(),
                requiredInstant(row, "finished_at"));
    }

    private static Job read(ResultSet row, @Nullable String result, @Nullable Instant finishedAt) throws SQLException {
        return new Job(
                row.getObject("id", UUID.class),
                row.getString("queue"),
                row.getString("type"),
                state(row.getString("state")),
                row.getInt("priority"),
                row.getString("payload"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getInt("timeout_ms"),
                requiredInstant(row, "run_at"),
                integer(row, "progress"),
                result,
                error(row),
                row.getString("unique_key"),
                requiredInstant(row, "created_at"),
                instant(row, "started_at"),
                finishedAt);
    }

    private static JobState state(String wireName) throws SQLException {
        return JobState.find(wireName)
                .orElseThrow(() -> new SQLException("state is '" + wireName + "', which this version doesn't know"));
    }

    private static @Nullable JobError error(ResultSet row) throws SQLException {
        String message = row.getString("error_message");
        return message == null
                ? null
                : new JobError(message, row.getInt("error_attempt"), requiredInstant(row, "error_at"));
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static Instant requiredInstant(ResultSet row, String column) throws SQLException {
        Instant value = instant(row, column);
        if (value == null) {
            throw new SQLException(column + " is null, but never may be");
        }
        return value;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
