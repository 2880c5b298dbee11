package io.trayb.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HistoryDaysTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @Test
    void an_id_made_today_lies_between_the_first_ids_of_today_and_tomorrow() {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16), ZoneOffset.UTC);

        assertThat(id.toString())
                .isGreaterThanOrEqualTo(HistoryDays.firstIdOf(today).toString())
                .isLessThan(HistoryDays.firstIdOf(today.plusDays(1)).toString());
    }

    @Test
    void a_day_is_added_once_and_takes_over_what_had_gone_elsewhere() {
        LocalDate day = LocalDate.of(2026, 3, 29);
        UUID early = idOf("2026-03-29T00:00:00Z");
        UUID late = idOf("2026-03-29T23:59:59.999Z");
        UUID next = idOf("2026-03-30T00:00:00Z");
        List.of(early, late, next).forEach(HistoryDaysTest::insertFailed);

        assertThat(add(day)).isTrue();
        assertThat(add(day)).isFalse();

        assertThat(partitionOf(early)).isEqualTo("trayb_finished_failed_20260329");
        assertThat(partitionOf(late)).isEqualTo("trayb_finished_failed_20260329");
        assertThat(partitionOf(next)).isEqualTo("trayb_finished_failed_other");
        UUID later = idOf("2026-03-29T12:00:00Z");
        insertFailed(later);
        assertThat(partitionOf(later)).isEqualTo("trayb_finished_failed_20260329");
    }

    @Test
    void a_job_that_finishes_while_its_day_is_being_added_goes_into_that_day() throws Exception {
        UUID id = idOf("2026-04-01T12:00:00Z");
        Transactions transactions = new Transactions(database.jdbi(), () -> {});

        whileBeingAdded(
                LocalDate.of(2026, 4, 1),
                () -> transactions.statement(handle -> {
                    insertFailed(handle, id);
                    return true;
                }));

        assertThat(partitionOf(id)).isEqualTo("trayb_finished_failed_20260401");
    }

    @Test
    void a_job_is_found_while_it_is_moved_to_its_day() throws Exception {
        UUID id = idOf("2026-04-02T12:00:00Z");
        insertFailed(id);

        Optional<Job> found = whileBeingAdded(
                LocalDate.of(2026, 4, 2), () -> database.jdbi().withHandle(handle -> JobQueries.find(handle, id)));

        assertThat(found).isPresent();
    }

    /** What comes out of something that begins while a day is added and not yet committed, and has to wait. */
    private static <T> T whileBeingAdded(LocalDate day, Supplier<T> something) throws Exception {
        try (Handle adding = database.jdbi().open()) {
            adding.begin();
            HistoryDays.add(adding, HistoryPart.FAILED, day);
            CompletableFuture<T> result = CompletableFuture.supplyAsync(something);
            await().until(HistoryDaysTest::somebodyWaitsForALock);
            adding.commit();
            return result.get(10, TimeUnit.SECONDS);
        }
    }

    private static boolean somebodyWaitsForALock() {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                                SELECT count(*) > 0 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                                 WHERE NOT granted AND datname = current_database()
                                """).mapTo(Boolean.class).one());
    }

    private static boolean add(LocalDate day) {
        return database.jdbi().inTransaction(handle -> HistoryDays.add(handle, HistoryPart.FAILED, day));
    }

    private static UUID idOf(String time) {
        return new UUID((Instant.parse(time).toEpochMilli() << 16) | 0x7000, 0x8000000000000001L);
    }

    private static void insertFailed(UUID id) {
        database.jdbi().useHandle(handle -> insertFailed(handle, id));
    }

    private static void insertFailed(Handle handle, UUID id) {
        handle.createUpdate("""
                                INSERT INTO trayb_finished_jobs (id, queue, type, state, priority, payload, attempt, max_attempts,
                                                                 timeout_ms, run_at, created_at, finished_at)
                                VALUES (:id, 'mail', 'noop', 'failed', 5, 'null', 1, 1, 1, now(), now(), now())
                                """).bind("id", id).execute();
    }

    private static String partitionOf(UUID id) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT relname FROM trayb_finished_jobs AS job JOIN pg_class ON pg_class.oid = job.tableoid WHERE id = :id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .one());
    }
}
