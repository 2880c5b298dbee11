package io.trayb.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trayb.database.Transactions;
import io.trayb.jobs.RetentionConfiguration;
import io.trayb.jobs.queue.HistoryKeeper;
import io.trayb.testing.TestDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Days in the past, by the database's clock, and what becomes of their jobs. */
class HistoryRetentionTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private static final Duration KEPT = Duration.ofDays(14);

    private final LocalDate today = database.jdbi().withHandle(HistoryDays::today);

    @BeforeEach
    @AfterEach
    void dropDays() {
        for (HistoryPart part : HistoryPart.values()) {
            for (LocalDate day : days(part)) {
                database.jdbi()
                        .useHandle(
                                handle -> handle.execute("DROP TABLE " + part.table() + "_" + HistoryDays.suffix(day)));
            }
        }
        database.jdbi().useHandle(handle -> handle.execute("TRUNCATE trayb_finished_jobs"));
    }

    @Test
    void a_day_has_expired_when_all_of_its_jobs_have_been_kept_for_long_enough() {
        add(today.minusDays(16));
        add(today.minusDays(15));
        add(today.minusDays(14));
        add(today);

        assertThat(expired(HistoryPart.FAILED)).containsExactly(today.minusDays(16), today.minusDays(15));
    }

    @Test
    void an_expired_day_goes_and_what_finished_late_stays_for_its_full_time() {
        LocalDate day = today.minusDays(20);
        add(day);
        finish("completed", day, 20, 100);
        finish("completed", day, 15, 1);
        finish("completed", day, 13, 3);
        finish("failed", day, 20, 5);

        assertThat(drop(HistoryPart.COMPLETED, day)).isEqualTo(HistoryRetention.Drop.DROPPED);

        assertThat(jobs("completed")).isEqualTo(3);
        assertThat(jobs("failed")).isEqualTo(5);
        assertThat(days(HistoryPart.COMPLETED)).isEmpty();
        assertThat(days(HistoryPart.FAILED)).containsExactly(day);
        assertThat(prune(HistoryPart.COMPLETED, KEPT)).isZero();
        assertThat(prune(HistoryPart.COMPLETED, Duration.ofDays(12))).isEqualTo(3);
        assertThat(jobs("completed")).isZero();
    }

    @Test
    void a_job_that_finishes_after_its_day_is_gone_is_kept_too() {
        LocalDate day = today.minusDays(20);
        add(day);
        drop(HistoryPart.FAILED, day);

        finish("failed", day, 0, 1);

        assertThat(jobs("failed")).isEqualTo(1);
        assertThat(prune(HistoryPart.FAILED, KEPT)).isZero();
    }

    @Test
    void a_day_of_which_many_jobs_finished_late_stays_and_is_pruned_row_by_row() {
        LocalDate day = today.minusDays(20);
        add(day);
        finish("failed", day, 20, 1_500);
        finish("failed", day, 1, HistoryRetention.MOST_MOVED + 1);

        assertThat(drop(HistoryPart.FAILED, day)).isEqualTo(HistoryRetention.Drop.HELD_UP);
        assertThat(jobs("failed")).isEqualTo(1_500 + HistoryRetention.MOST_MOVED + 1);

        assertThat(pruneDay(day)).isEqualTo(1_000);
        assertThat(pruneDay(day)).isEqualTo(500);
        assertThat(pruneDay(day)).isZero();
        assertThat(jobs("failed")).isEqualTo(HistoryRetention.MOST_MOVED + 1);
    }

    @Test
    void the_index_of_what_finished_late_is_used() {
        LocalDate day = today.minusDays(20);
        add(day);
        finish("failed", day, 20, 5_000);
        String plan = database.jdbi().inTransaction(handle -> {
            handle.execute("SET LOCAL enable_seqscan = off");
            return String.join(
                    "\n",
                    handle.createQuery("EXPLAIN SELECT * FROM trayb_finished_failed_" + HistoryDays.suffix(day)
                                    + " WHERE finished_at >= '"
                                    + day.plusDays(1)
                                            .atStartOfDay(ZoneOffset.UTC)
                                            .toInstant()
                                    + "' AND finished_at >= now() - 1209600 * interval '1 second'")
                            .mapTo(String.class)
                            .list());
        });
        assertThat(plan).contains("finished_at_idx");
    }

    @Test
    void a_reader_who_takes_long_keeps_the_day_for_now_and_nobody_waits_behind_it_for_long() {
        LocalDate day = today.minusDays(20);
        add(day);
        finish("failed", day, 20, 1);
        try (Handle reader = database.jdbi().open()) {
            reader.begin();
            reader.createQuery("SELECT count(*) FROM trayb_finished_jobs")
                    .mapTo(Long.class)
                    .one();
            long began = System.nanoTime();

            assertThatThrownBy(() -> drop(HistoryPart.FAILED, day)).isInstanceOf(JdbiException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            reader.commit();
        }
        assertThat(jobs("failed")).isEqualTo(1);
        assertThat(drop(HistoryPart.FAILED, day)).isEqualTo(HistoryRetention.Drop.DROPPED);
    }

    @Test
    void only_one_node_at_a_time_lets_go() {
        LocalDate day = today.minusDays(20);
        add(day);
        try (Handle other = database.jdbi().open()) {
            other.begin();
            HistoryDays.takeTurn(other);
            assertThat(drop(HistoryPart.FAILED, day)).isEqualTo(HistoryRetention.Drop.LEFT_TO_OTHERS);
            other.rollback();
        }
        assertThat(days(HistoryPart.FAILED)).containsExactly(day);
    }

    @Test
    void pruning_goes_in_small_batches_with_the_oldest_first() {
        LocalDate day = today.minusDays(300);
        finish("failed", day, 100, 3);
        finish("failed", day, 200, 4);

        int pruned =
                database.jdbi().withHandle(handle -> HistoryRetention.pruneRest(handle, HistoryPart.FAILED, KEPT, 4));

        assertThat(pruned).isEqualTo(4);
        assertThat(jobs("failed")).isEqualTo(3);
    }

    @Test
    void the_keeper_works_off_a_backlog_and_goes_on_past_a_day_that_it_cannot_have() throws Exception {
        LocalDate first = today.minusDays(130);
        for (int i = 0; i < 40; i++) {
            add(first.plusDays(i));
        }
        finish("failed", first, 130, 1);
        finish("completed", first, 2, 1);
        LocalDate held = first.plusDays(3);
        HistoryKeeper keeper =
                new HistoryKeeper(new Transactions(database.jdbi(), () -> {}), RetentionConfiguration.defaults());
        try (Handle reader = database.jdbi().open()) {
            reader.begin();
            reader.createQuery("SELECT count(*) FROM trayb_finished_failed_" + HistoryDays.suffix(held))
                    .mapTo(Long.class)
                    .one();
            keeper.start();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(days(HistoryPart.COMPLETED)).first().isEqualTo(today.minusDays(1));
                assertThat(days(HistoryPart.FAILED)).startsWith(held, today.minusDays(1));
            });
            reader.rollback();
        } finally {
            keeper.stop();
        }
        assertThat(jobs("failed")).isZero();
        assertThat(jobs("completed")).isEqualTo(1);
    }

    private void add(LocalDate day) {
        for (HistoryPart part : HistoryPart.values()) {
            database.jdbi().useTransaction(handle -> HistoryDays.add(handle, part, day));
        }
    }

    private static HistoryRetention.Drop drop(HistoryPart part, LocalDate day) {
        return database.jdbi().inTransaction(handle -> HistoryRetention.drop(handle, part, day, KEPT));
    }

    private static int prune(HistoryPart part, Duration kept) {
        return database.jdbi().withHandle(handle -> HistoryRetention.pruneRest(handle, part, kept, 1_000));
    }

    private static int pruneDay(LocalDate day) {
        return database.jdbi()
                .withHandle(handle -> HistoryRetention.pruneDay(handle, HistoryPart.FAILED, day, KEPT, 1_000));
    }

    private static List<LocalDate> expired(HistoryPart part) {
        return database.jdbi().withHandle(handle -> HistoryRetention.expired(handle, part, KEPT));
    }

    private static List<LocalDate> days(HistoryPart part) {
        return database.jdbi().withHandle(handle -> HistoryRetention.expired(handle, part, Duration.ofDays(-20_000)));
    }

    private static long jobs(String state) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_all_jobs WHERE state = :state")
                        .bind("state", state)
                        .mapTo(Long.class)
                        .one());
    }

    /** Jobs that were submitted on a day and finished so many days ago. */
    private static void finish(String state, LocalDate day, int daysAgo, int count) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("""
                        INSERT INTO trayb_finished_jobs (id, queue, type, state, priority, payload, attempt, max_attempts,
                                                         timeout_ms, run_at, created_at, finished_at)
                        SELECT CAST(left(:first, 18) || right(CAST(gen_random_uuid() AS text), 18) AS uuid),
                               'mail', 'noop', :state, 5, 'null', 1, 1, 1, now(), now(),
                               now() - :daysAgo * interval '1 day'
                          FROM generate_series(1, :count)
                        """)
                        .bind("first", HistoryDays.firstIdOf(day).toString())
                        .bind("state", state)
                        .bind("daysAgo", daysAgo)
                        .bind("count", count)
                        .execute());
    }
}
