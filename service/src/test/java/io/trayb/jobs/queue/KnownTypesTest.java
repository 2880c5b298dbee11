package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.store.KnownTypes;
import io.trayb.jobs.store.KnownTypes.Unknown;
import io.trayb.jobs.store.TableHealth;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for nobody, and what holds dead rows: read for the metrics. */
class KnownTypesTest extends QueueTables {

    @BeforeEach
    void submit() {
        submitAll(List.of(
                JobSubmission.of("mail", "send", "null"),
                JobSubmission.of("mail", "send", "null"),
                JobSubmission.of("mail", "print", "null"),
                JobSubmission.of("other", "send", "null")));
    }

    @Test
    void a_type_is_known_while_a_live_process_that_runs_jobs_has_it() {
        assertThat(unknown())
                .containsExactlyInAnyOrder(
                        new Unknown("mail", "send", 2),
                        new Unknown("mail", "print", 1),
                        new Unknown("other", "send", 1));

        leases.register("idle", false, Set.of("print"), LEASE);
        leases.register("dead", true, Set.of("print"), Duration.ofSeconds(-1));
        long process = leases.register("node", true, Set.of("send", "more"), LEASE);
        assertThat(unknown()).containsExactly(new Unknown("mail", "print", 1));

        leases.leave(process);
        assertThat(unknown()).hasSize(3);
    }

    @Test
    void a_type_is_known_on_a_queue_for_ten_minutes_after_a_remote_worker_asked_for_it() {
        remoteWorkers.lease("mail", "w", 1, LEASE, Set.of("send"));
        assertThat(unknown())
                .containsExactlyInAnyOrder(new Unknown("mail", "print", 1), new Unknown("other", "send", 1));

        remoteWorkers.lease("mail", "w", 1, LEASE, Set.of());
        assertThat(unknown()).containsExactly(new Unknown("other", "send", 1));

        askedLongAgo("11 minutes");
        assertThat(unknown()).extracting(Unknown::queue).contains("mail", "other");
    }

    @Test
    void what_is_asked_for_is_written_once_a_minute_and_forgotten_after_a_day() {
        remoteWorkers.lease("mail", "w", 1, LEASE, Set.of("send"));
        askedLongAgo("11 minutes");
        remoteWorkers.lease("mail", "w", 1, LEASE, Set.of("send"));
        assertThat(number("SELECT count(*) FROM trayb_asked_types WHERE asked_at > now() - interval '1 minute'"))
                .isZero();

        remoteWorkers.forgetAskedTypes();
        assertThat(number("SELECT count(*) FROM trayb_asked_types")).isEqualTo(1);
        askedLongAgo("25 hours");
        remoteWorkers.forgetAskedTypes();
        assertThat(number("SELECT count(*) FROM trayb_asked_types")).isZero();
    }

    @Test
    void an_open_transaction_shows_with_its_age() {
        try (Handle open = database.jdbi().open()) {
            open.begin();
            open.createQuery("SELECT 1").mapTo(Integer.class).one();
            await().untilAsserted(() ->
                    assertThat(health().oldestTransaction()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(30)));
            open.rollback();
        }
        assertThat(health().oldestTransaction()).isZero();
        assertThat(health().deadRows()).isNotNegative();
    }

    private static TableHealth health() {
        return database.jdbi().withHandle(TableHealth::read);
    }

    private static List<Unknown> unknown() {
        return database.jdbi().withHandle(KnownTypes::unknown);
    }

    private static void askedLongAgo(String ago) {
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE trayb_asked_types SET asked_at = now() - interval '" + ago + "'"));
    }

    private static long number(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }
}
