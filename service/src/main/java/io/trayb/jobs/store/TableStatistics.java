package io.trayb.jobs.store;

import org.jdbi.v3.core.Handle;

/** What Postgres believes of the table of unfinished jobs when it plans statements. */
public final class TableStatistics {
    // Pages, and no row in them: so it is when they were looked at just after the last job of many had ended. Postgres
    // then takes every page that comes for empty too, however many do, and each index for one page: a look through all
    // of the backlog seems cheaper than finding one job of it.
    private static final String ARE_MISLEADING = """
            SELECT relpages > 0 AND reltuples = 0 FROM pg_class WHERE oid = 'trayb_jobs'::regclass
            """;

    // Of a table of no more than 64 MiB: takes some 10 ms, gives empty pages back, and so ends with no page or with
    // rows.
    private static final String IS_SMALL = """
            SELECT pg_relation_size('trayb_jobs'::regclass) < 64 * 1024 * 1024
            """;

    private static final String VACUUM = "VACUUM (ANALYZE, SKIP_LOCKED) trayb_jobs";

    private static final String ANALYZE = "ANALYZE (SKIP_LOCKED) trayb_jobs";

    private TableStatistics() {}

    /** Whether plans that are made by them pass through all jobs to find one. */
    public static boolean areMisleading(Handle handle) {
        return handle.createQuery(ARE_MISLEADING).mapTo(Boolean.class).one();
    }

    /** Makes them anew, and with them the plans that sessions keep. Not in a transaction. Left out while somebody else does it. */
    public static void renew(Handle handle) {
        boolean small = handle.createQuery(IS_SMALL).mapTo(Boolean.class).one();
        handle.execute(small ? VACUUM : ANALYZE);
    }
}
