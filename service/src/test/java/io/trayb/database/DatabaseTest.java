package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trayb.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    private static final String INSERT = "INSERT INTO parcel (id, payload) VALUES (:id, CAST(:payload AS jsonb))";

    @BeforeAll
    static void makeTable() {
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "CREATE TABLE parcel (id int PRIMARY KEY, payload jsonb NOT NULL, CHECK (id < 100))"));
    }

    @Test
    void a_refused_statement_is_told_by_its_beginning_and_without_what_was_in_it() {
        Throwable thrown = catchThrowable(() -> insert(100, "{\"iban\": \"geheim\"}"));

        assertThat(thrown)
                .hasMessageContaining("violates check constraint")
                .hasMessageContaining("[in INSERT INTO parcel (id, payload)");
        assertThat(everythingAbout(thrown)).doesNotContain("geheim", "iban");
    }

    @Test
    void neither_is_a_payload_told_that_is_no_json() {
        Throwable thrown = catchThrowable(() -> insert(1, "geheim"));

        assertThat(thrown).hasMessageContaining("invalid input syntax for type json");
        assertThat(everythingAbout(thrown)).doesNotContain("geheim");
    }

    @Test
    void neither_are_the_payloads_of_a_batch() {
        Throwable thrown = catchThrowable(() -> database.jdbi().useHandle(handle -> {
            PreparedBatch batch = handle.prepareBatch(INSERT);
            for (int id = 99; id <= 101; id++) {
                batch.bind("id", id).bind("payload", "{\"iban\": \"geheim\"}").add();
            }
            batch.execute();
        }));

        assertThat(thrown).isNotNull();
        assertThat(everythingAbout(thrown)).doesNotContain("geheim", "iban");
    }

    private static void insert(int id, String payload) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(INSERT)
                        .bind("id", id)
                        .bind("payload", payload)
                        .execute());
    }

    /** As a log would have it: the messages of all causes, of what was suppressed, and of a batch's next exception. */
    private static String everythingAbout(Throwable thrown) {
        StringWriter all = new StringWriter();
        thrown.printStackTrace(new PrintWriter(all, true));
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.sql.SQLException sql) {
                sql.forEach(each -> all.append(each.toString()));
            }
        }
        return all.toString();
    }
}
