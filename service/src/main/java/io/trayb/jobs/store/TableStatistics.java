package io.trayb.jobs.store;

import io.trayb.database.Patience;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** What Postgres believes of the table of unfinished jobs when it plans statements. */
public final class TableStatistics {
    /** How they are. */
    public enum Verdict {
        /** Plans by them find a job without passing by the others. */
        FIT,
        /** Plans by them look through all jobs to find one. */
        MISLEADING,
        /** As {@link #MISLEADING}, and this role can't make them anew, since it doesn't own the table. */
        MISLEADING_FOR_GOOD
    }

    // Pages, and no row in them, or next to none: so it is when they were looked at just after the last job of many had
    // ended. Postgres then takes every page that comes for as empty, however many do, and each index for one page: a
    // look through all of the backlog seems cheaper than finding one job of it. A few rows are what they are until more
    // have come: live rows are counted as they come and go.
    private static final String VERDICT = """
            SELECT CASE WHEN NOT (relpages > 0
                                  AND (reltuples = 0 OR reltuples < relpages
                                       AND pg_stat_get_live_tuples(oid) > 100 + 10 * reltuples)) THEN 'FIT'
                        WHEN pg_has_role(relowner, 'USAGE') THEN 'MISLEADING'
                        ELSE 'MISLEADING_FOR_GOOD' END
              FROM pg_class WHERE oid = 'trayb_jobs'::regclass
            """;

    // Of a table of no more than 64 MiB: takes some 10 ms, gives empty pages back, and so ends with no page or with
    // rows.
    private static final String IS_SMALL = """
            SELECT pg_relation_size('trayb_jobs'::regclass) < 64 * 1024 * 1024
            """;

    private static final String VACUUM = "VACUUM (ANALYZE, SKIP_LOCKED) trayb_jobs";

    private static final String ANALYZE = "ANALYZE (SKIP_LOCKED) trayb_jobs";

    /** To give pages back a vacuum awaits for up to five seconds that nobody uses the table. */
    private static final Duration LONGEST_RENEWAL = Duration.ofMinutes(1);

    private TableStatistics() {}

    /** Looks at them. */
    public static Verdict verdict(Handle handle) {
        return handle.createQuery(VERDICT).mapTo(Verdict.class).one();
    }

    /** Makes them anew, and with them the plans that sessions keep. Not in a transaction. Left out while somebody else does it. */
    public static void renew(Handle handle) {
        boolean small = handle.createQuery(IS_SMALL).mapTo(Boolean.class).one();
        Patience.with(handle, LONGEST_RENEWAL, () -> handle.execute(small ? VACUUM : ANALYZE));
    }
}
