package io.trayb.jobs.store;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads jobs. Locks nothing. */
public final class JobQueries {
    /**
     * What to list. A null filter lets everything pass.
     *
     * @param queuePrefix lists only jobs on queues whose names begin so
     * @param before lists only jobs that were submitted before this one
     * @param limit how many at most
     */
    public record Filter(
            @Nullable String queue,
            @Nullable String queuePrefix,
            @Nullable String type,
            @Nullable JobState state,
            @Nullable UUID before,
            int limit) {
        /** On all queues, or one. */
        public Filter(
                @Nullable String queue,
                @Nullable String type,
                @Nullable JobState state,
                @Nullable UUID before,
                int limit) {
            this(queue, null, type, state, before, limit);
        }
    }

    // Two index probes: the live table, and the one partition to which the id leads.
    private static final String FIND = """
            SELECT * FROM trayb_all_jobs WHERE id = :id
            """;

    // Newest first is the order of ids. Merges the primary keys' indexes (or those on (queue, id)) backwards and stops
    // at the limit; the first condition is always so, and leads to that of live jobs. Parameters are planned as
    // constants,
    // so that a filter that is null costs nothing.
    private static final String LIST = """
            SELECT * FROM trayb_all_jobs
             WHERE created_at >= '-infinity'
               AND (CAST(:queue AS text) IS NULL OR queue = :queue)
               AND (CAST(:queuePrefix AS text) IS NULL OR starts_with(queue, :queuePrefix))
               AND (CAST(:type AS text) IS NULL OR type = :type)
               AND (CAST(:state AS text) IS NULL OR state = :state)
               AND (CAST(:before AS uuid) IS NULL OR id < CAST(:before AS uuid))
             ORDER BY id DESC
             LIMIT :limit
            """;

    private JobQueries() {}

    /** The job with this id, finished or not. */
    public static Optional<Job> find(Handle handle, UUID id) {
        return handle.createQuery(FIND).bind("id", id).map(JobRows.ANY).findOne();
    }

    /** Jobs that pass a filter, newest first. */
    public static List<Job> list(Handle handle, Filter filter) {
        return handle.createQuery(LIST)
                .bind("queue", filter.queue())
                .bind("queuePrefix", filter.queuePrefix())
                .bind("type", filter.type())
                .bind("state", filter.state() == null ? null : filter.state().wireName())
                .bind("before", filter.before() == null ? null : filter.before().toString())
                .bind("limit", filter.limit())
                .map(JobRows.ANY)
                .list();
    }
}
