package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaQualifierTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    private final SchemaQualifier qualifier = new SchemaQualifier("s");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1 FROM trayb_jobs | SELECT 1 FROM \"s\".trayb_jobs",
                "FROM trayb_jobs, trayb_queues q WHERE q.a < 3 | FROM \"s\".trayb_jobs, \"s\".trayb_queues q WHERE q.a < 3",
                "SELECT 'it''s' FROM trayb_jobs | SELECT 'it''s' FROM \"s\".trayb_jobs",
                "SELECT x::trayb_state | SELECT x::\"s\".trayb_state",
                "SET a = trayb_jobs.id | SET a = \"s\".trayb_jobs.id",
                "nextval('trayb_leases'::regclass) | nextval('\"s\".trayb_leases'::regclass)",
                "nextval('trayb_leases' :: REGCLASS) | nextval('trayb_leases' :: REGCLASS)",
            })
    void a_name_of_ours_gets_the_schema(String sql, String expected) {
        assertThat(qualifier.qualify(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'trayb_jobs'",
                "SELECT E'it\\'s trayb_jobs'",
                "SELECT \"trayb_jobs\"",
                "SELECT :trayb_x",
                "SELECT other.trayb_jobs",
                "SELECT \"other\" . trayb_jobs",
                "SELECT $$ trayb_jobs $$",
                "SELECT $t$ trayb_jobs $$ $t$",
                "SELECT 1 -- trayb_jobs",
                "SELECT /* trayb_jobs */ 1",
                "ON CONFLICT ON CONSTRAINT trayb_jobs_pk DO NOTHING",
                "SELECT my_trayb_jobs, trayb, xtrayb_jobs",
            })
    void everything_else_is_left_alone(String sql) {
        assertThat(qualifier.qualify(sql)).isEqualTo(sql);
    }

    @Test
    void statements_through_jdbi_find_their_table_in_the_schema_whatever_the_search_path_is() {
        String found = database.jdbi().inTransaction(handle -> {
            handle.execute("CREATE TABLE trayb_probe (name text)");
            handle.execute("INSERT INTO trayb_probe VALUES (?)", "here");
            handle.execute("SET LOCAL search_path TO pg_catalog");
            return handle.createQuery("SELECT name FROM trayb_probe WHERE name <> :trayb_x")
                    .bind("trayb_x", "there")
                    .mapTo(String.class)
                    .one();
        });

        assertThat(found).isEqualTo("here");
    }

    @Test
    void a_very_long_literal_is_passed_over_without_trouble() {
        String sql = "SELECT '" + "x''".repeat(200_000) + "' FROM trayb_jobs";

        assertThat(qualifier.qualify(sql)).endsWith("FROM \"s\".trayb_jobs");
    }
}
