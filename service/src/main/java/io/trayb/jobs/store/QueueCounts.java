package io.trayb.jobs.store;

import org.jdbi.v3.core.Handle;

/**
 * The counts behind the queues' statistics (migration 0005): every statement that changes how many jobs there are in a state adds
 * a row, in its own transaction, by a trigger. A count is the sum of its rows, so it is exact in every snapshot, and nobody waits
 * for anybody to write one. Here many rows are made one; the sum stays the same.
 */
public final class QueueCounts {
    /** So many rows take some 100 ms. */
    private static final int BATCH = 20_000;

    // Held until the commit. Whoever deletes rows for good takes it too, or it might delete what a fold is just
    // replacing.
    private static final String TAKE_TURN = """
            SELECT pg_try_advisory_xact_lock(hashtext('trayb queue counts'))
            """;

    private static final String AWAIT_TURN = """
            SELECT FROM (SELECT pg_advisory_xact_lock(hashtext('trayb queue counts'))) AS turn
            """;

    private static final String UNFOLDED = """
            SELECT count(*) FROM trayb_queue_counts WHERE NOT folded
            """;

    // Reads the table whole: it is as long as there are queues and types, and what has come since the last fold. A
    // batch of what is new goes into the sums of its queues and types; other sums are left alone, and what others are
    // just inserting isn't seen and stays.
    private static final String FOLD = """
            WITH batch AS MATERIALIZED (
                SELECT ctid, source, queue, type FROM trayb_queue_counts WHERE NOT folded LIMIT :batch),
            changed AS MATERIALIZED (
                SELECT DISTINCT source, queue, type FROM batch),
            added AS (
                DELETE FROM trayb_queue_counts WHERE ctid = ANY(ARRAY(SELECT ctid FROM batch)) RETURNING *),
            before AS (
                DELETE FROM trayb_queue_counts AS counted USING changed
                 WHERE counted.folded AND counted.source = changed.source AND counted.queue = changed.queue
                   AND counted.type = changed.type
                RETURNING counted.*)
            INSERT INTO trayb_queue_counts (source, queue, type, folded, waiting, delayed, active, failed)
            SELECT source, queue, type, true, sum(waiting), sum(delayed), sum(active), sum(failed)
              FROM (SELECT * FROM added UNION ALL SELECT * FROM before) AS summed
             GROUP BY source, queue, type
            HAVING sum(waiting) <> 0 OR sum(delayed) <> 0 OR sum(active) <> 0 OR sum(failed) <> 0
            """;

    private QueueCounts() {}

    /**
     * Sums up a batch of rows, if there are more than {@code most} that weren't yet. To be called in a transaction.
     *
     * @return whether it did; false also when another node is at it
     */
    public static boolean fold(Handle handle, int most) {
        if (!handle.createQuery(TAKE_TURN).mapTo(Boolean.class).one()
                || handle.createQuery(UNFOLDED).mapTo(Integer.class).one() <= most) {
            return false;
        }
        handle.createUpdate(FOLD).bind("batch", BATCH).execute();
        return true;
    }

    /** Keeps folds off until the commit; waits for one that is under way. */
    static void awaitTurn(Handle handle) {
        handle.createQuery(AWAIT_TURN).mapToMap().list();
    }
}
