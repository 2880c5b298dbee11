package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.PoolConfiguration;
import io.trayb.testing.TestDatabase;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client may believe after a 503, with a real Postgres that really fails. */
class OutagesTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    private static final String NOTHING_DONE = "nothing was changed, try again";
    private static final String UNKNOWN = "whether this was still done is not known";
    private static final PoolConfiguration IMPATIENT =
            new PoolConfiguration(0, 1, Duration.milliseconds(200), Duration.seconds(1), Duration.seconds(1));

    @Test
    void without_a_connection_nothing_was_changed() throws Exception {
        DatabaseUrl nowhere = DatabaseUrl.parse("postgresql://nobody@127.0.0.1:1/nothing");

        assertThat(told(nowhere, "SELECT 1")).contains("Postgres is out of reach", NOTHING_DONE);
    }

    @Test
    void while_all_connections_are_in_use_nothing_was_changed() throws Exception {
        Database one = started(database.url());
        try (Handle held = one.jdbi().open()) {
            held.execute("SELECT 1");
            assertThat(told(one, "SELECT 1")).contains("All connections to Postgres are in use", NOTHING_DONE);
        } finally {
            one.stop();
        }
    }

    @Test
    void what_a_standby_refuses_changed_nothing() throws Exception {
        assertThat(told(database.url(), "BEGIN READ ONLY; CREATE TABLE nothing ()"))
                .contains("Postgres can't take this at the moment", NOTHING_DONE);
    }

    @Test
    void of_a_statement_whose_answer_did_not_come_in_time_the_outcome_is_unknown() throws Exception {
        assertThat(told(database.url(), "SELECT pg_sleep(60)"))
                .contains("The connection to Postgres was lost", UNKNOWN, "Idempotency-Key")
                .doesNotContain(NOTHING_DONE);
    }

    @Test
    void of_a_statement_during_which_the_server_ended_the_connection_the_outcome_is_unknown() throws Exception {
        assertThat(told(database.url(), "SELECT pg_terminate_backend(pg_backend_pid())"))
                .contains("The connection to Postgres was lost", UNKNOWN)
                .doesNotContain(NOTHING_DONE);
    }

    @Test
    void a_mistake_in_a_statement_is_no_outage() {
        Throwable thrown = catchThrowable(
                () -> database.jdbi().useHandle(handle -> handle.execute("SELECT nothing FROM nowhere")));

        assertThat(Outages.of(thrown)).isEmpty();
    }

    private static String told(DatabaseUrl url, String sql) throws Exception {
        Database other = started(url);
        try {
            return told(other, sql);
        } finally {
            other.stop();
        }
    }

    private static String told(Database on, String sql) {
        Throwable thrown = catchThrowable(() -> on.jdbi().useHandle(handle -> handle.execute(sql)));
        Optional<ProblemException> problem = Outages.of(thrown);
        assertThat(problem).as(String.valueOf(thrown)).isPresent();
        assertThat(problem.get().problem().status()).isEqualTo(503);
        assertThat(problem.get().header("Retry-After")).hasValue("2");
        return problem.get().problem().detail();
    }

    private static Database started(DatabaseUrl url) throws Exception {
        Database database = new Database(url, IMPATIENT, new MetricRegistry());
        database.start();
        return database;
    }
}
