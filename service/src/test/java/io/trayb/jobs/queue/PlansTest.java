package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.Finish;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.Floors;
import io.trayb.jobs.store.JobQueries;
import io.trayb.jobs.store.Outcomes;
import io.trayb.jobs.store.RemoteLeases;
import io.trayb.jobs.store.Submissions;
import io.trayb.jobs.store.TableStatistics;
import io.trayb.jobs.store.TableStatistics.Verdict;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What claims and outcomes read when the backlog came after Postgres had last looked at the table: it plans them for an empty
 * one, in which every index that fits looks like the best.
 */
class PlansTest extends QueueTables {
    private static final int BACKLOG = 20_000;
    private static final int TAKEN = 10;
    /** Some 40 pages a job that is claimed and finished, in all indexes; a look through the backlog takes hundreds more. */
    private static final long FEW_PAGES = TAKEN * 60L;

    private static final Set<String> TYPES = Set.of("noop", "echo");

    private enum Statistics {
        /** As analysed while nothing was in the pages that are there. */
        OF_EMPTY_PAGES {
            @Override
            void make(Handle handle) {
                handle.execute("UPDATE pg_class SET relpages = 300, reltuples = 0 WHERE relname = 'trayb_jobs'");
            }
        },
        /** As analysed while one job was in the pages that are there. */
        OF_NEARLY_EMPTY_PAGES {
            @Override
            void make(Handle handle) {
                handle.execute("UPDATE pg_class SET relpages = 300, reltuples = 1 WHERE relname = 'trayb_jobs'");
            }
        },
        /** As vacuumed down to no page. */
        OF_NO_PAGE {
            @Override
            void make(Handle handle) {
                handle.execute("VACUUM ANALYZE trayb_jobs");
            }
        };

        abstract void make(Handle handle);
    }

    private final StatisticsKeeper keeper = new StatisticsKeeper(transactions);

    @ParameterizedTest
    @EnumSource(Statistics.class)
    void a_backlog_is_worked_off_by_plans_for_an_empty_table_without_being_looked_through(Statistics statistics) {
        long process = leases.register("test", true, TYPES, LEASE);
        submit(JobSubmission.of("mail", "noop", "null"));
        try (Handle handle = database.jdbi().open()) {
            work(handle, process);
            statistics.make(handle);
            // As often as a plan takes to be kept.
            for (int i = 0; i < 10; i++) {
                work(handle, process);
            }
            fill(handle);
            keeper.look();

            for (int i = 0; i < 3; i++) {
                long before = pagesUsed(handle);
                assertThat(work(handle, process)).isEqualTo(TAKEN);
                assertThat(pagesUsed(handle) - before).isLessThan(FEW_PAGES);
            }
        }
    }

    /** Their statements are planned each time, by what the statistics say until they are made anew. */
    @ParameterizedTest
    @EnumSource(Statistics.class)
    void remote_workers_and_unique_keys_find_theirs_without_the_backlog_being_looked_through(Statistics statistics) {
        JobSubmission unique = unique("key");
        submit(unique);
        try (Handle handle = database.jdbi().open()) {
            statistics.make(handle);
            fill(handle);

            long before = pagesUsed(handle);
            assertThat(Submissions.holder(handle, unique)).isPresent();
            assertThat(pagesUsed(handle) - before).isLessThan(20);

            before = pagesUsed(handle);
            assertThat(RemoteLeases.claim(handle, "mail", "w", TAKEN, LEASE, TYPES))
                    .hasSize(TAKEN);
            assertThat(RemoteLeases.claim(handle, "mail", "w", TAKEN, LEASE, Set.of()))
                    .hasSize(TAKEN);
            assertThat(pagesUsed(handle) - before).isLessThan(2 * FEW_PAGES);
        }
    }

    @Test
    void statistics_of_an_empty_table_last_a_second() {
        try (Handle handle = database.jdbi().open()) {
            fill(handle);
            Statistics.OF_EMPTY_PAGES.make(handle);
            assertThat(TableStatistics.verdict(handle)).isEqualTo(Verdict.MISLEADING);

            assertThat(keeper.look()).isGreaterThan(Duration.ofSeconds(1));

            assertThat(TableStatistics.verdict(handle)).isEqualTo(Verdict.FIT);
            assertThat(keeper.look()).isEqualTo(Duration.ofSeconds(1));
            handle.execute("DELETE FROM trayb_jobs");
            handle.execute("ANALYZE trayb_jobs");
            assertThat(TableStatistics.verdict(handle)).isEqualTo(Verdict.MISLEADING);

            keeper.look();

            assertThat(TableStatistics.verdict(handle)).isEqualTo(Verdict.FIT);
        }
    }

    @Test
    void the_jobs_of_a_queue_are_listed_without_looking_through_those_of_the_others() {
        submit(new JobSubmission("rare", "noop", "null", 5, null, Duration.ZERO, 5, minute(), null));
        try (Handle handle = database.jdbi().open()) {
            fill(handle);
            handle.execute("ANALYZE trayb_jobs");

            long before = pagesUsed(handle);
            assertThat(JobQueries.list(handle, new JobQueries.Filter("rare", null, null, null, 10)))
                    .hasSize(1);
            assertThat(pagesUsed(handle) - before).isLessThan(50);
        }
    }

    private static int work(Handle handle, long process) {
        List<LeasedJob> started = Claims.claim(handle, process, "w", TYPES, Floors.NONE, "", TAKEN, TAKEN);
        Outcomes.complete(
                handle,
                started.stream()
                        .sorted(Comparator.comparing(lease -> lease.job().id()))
                        .map(lease -> new Finish(lease, new Outcome.Completed(null), null))
                        .toList());
        return started.size();
    }

    /** Nothing analyses the table meanwhile: that takes a minute to begin. */
    private static void fill(Handle handle) {
        handle.createUpdate("""
                INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                        run_at, ready_at, lease_id)
                SELECT gen_random_uuid(), 'mail', 'noop', 'waiting', 5, 'null', 5, 60000, now(), now(), NULL
                  FROM generate_series(1, :jobs)
                """).bind("jobs", BACKLOG).execute();
    }
}
