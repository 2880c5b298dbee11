package io.trayb.jobs.store;

import io.trayb.database.KeptPlans;
import io.trayb.database.SqlArray;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Puts jobs in. */
public final class Submissions {
    /**
     * A submission with the id that its job will have.
     *
     * @param id a UUIDv7
     */
    public record Entry(UUID id, JobSubmission submission) {}

    // Locks nothing that exists. An entry whose unique key is held (also by one that is just being committed: the
    // insert waits for it) is left out of what comes back. Inserts in the order of the unique keys, so that two batches
    // with the same keys can't wait for each other.
    private static final String INSERT = """
            INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                    run_at, ready_at, unique_key, lease_id)
            SELECT id, queue, type, CASE WHEN run_at > now() THEN 'delayed' ELSE 'waiting' END, priority,
                   CAST(payload AS json), max_attempts, timeout_ms, run_at, greatest(run_at, now()), unique_key, NULL
              FROM (SELECT *, coalesce(to_timestamp(run_at_ms / 1000.0), now() + delay_ms * interval '1 millisecond') AS run_at
                      FROM unnest(:ids, :queues, :types, :priorities, :payloads, :maxAttempts, :timeouts,
                                  :runAts, :delays, :uniqueKeys)
                           AS entry (id, queue, type, priority, payload, max_attempts, timeout_ms,
                                     run_at_ms, delay_ms, unique_key)) AS entry
             ORDER BY queue, type, unique_key, id
            ON CONFLICT (queue, type, unique_key) WHERE unique_key IS NOT NULL DO NOTHING
            RETURNING id, state, run_at, created_at
            """;

    // Rides the unique index on (queue, type, unique_key); locks nothing.
    private static final String HOLDER = """
            SELECT * FROM trayb_jobs WHERE queue = :queue AND type = :type AND unique_key = :uniqueKey
            """;

    private static final String ADD_QUEUES = """
            INSERT INTO trayb_queues (name) SELECT name FROM unnest(:names) AS queue (name) ORDER BY name
            ON CONFLICT (name) DO NOTHING
            """;

    private Submissions() {}

    /** Adds jobs; those whose unique key is held are missing from the answer. */
    public static List<Job> insert(Handle handle, List<Entry> entries) {
        Map<UUID, JobSubmission> byId = new HashMap<>();
        entries.forEach(entry -> byId.put(entry.id(), entry.submission()));
        return handle.createQuery(INSERT)
                .addCustomizer(KeptPlans.KEEP)
                .bind(
                        "ids",
                        SqlArray.of(UUID.class, entries.stream().map(Entry::id).toList()))
                .bind("queues", SqlArray.of(String.class, each(entries, JobSubmission::queue)))
                .bind("types", SqlArray.of(String.class, each(entries, JobSubmission::type)))
                .bind("priorities", SqlArray.of(Integer.class, each(entries, JobSubmission::priority)))
                .bind("payloads", SqlArray.of(String.class, each(entries, JobSubmission::payload)))
                .bind("maxAttempts", SqlArray.of(Integer.class, each(entries, JobSubmission::maxAttempts)))
                .bind("timeouts", SqlArray.of(Integer.class, each(entries, job ->
                        (int) job.timeout().toMillis())))
                .bind("runAts", SqlArray.of(Long.class, each(entries, job -> millis(job.runAt()))))
                .bind(
                        "delays",
                        SqlArray.of(Long.class, each(entries, job -> job.delay().toMillis())))
                .bind("uniqueKeys", SqlArray.of(String.class, each(entries, JobSubmission::uniqueKey)))
                .map((row, context) -> JobRows.submitted(row, byId))
                .list();
    }

    /** The unfinished job that holds a submission's unique key. */
    public static Optional<Job> holder(Handle handle, JobSubmission submission) {
        return handle.createQuery(HOLDER)
                .bind("queue", submission.queue())
                .bind("type", submission.type())
                .bind("uniqueKey", submission.uniqueKey())
                .map(JobRows.LIVE)
                .findOne();
    }

    /** Makes sure that the queues are listed. */
    public static void addQueues(Handle handle, Collection<String> names) {
        if (!names.isEmpty()) {
            handle.createUpdate(ADD_QUEUES)
                    .bind("names", SqlArray.of(String.class, names))
                    .execute();
        }
    }

    private static List<@Nullable Object> each(List<Entry> entries, Column<JobSubmission> column) {
        return Column.of(entries, entry -> column.of(entry.submission()));
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }
}
