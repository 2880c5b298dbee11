package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.google.common.hash.Hashing;
import io.trayb.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrationsTest {
    private static final List<String> ALL = List.of("trayb:0001-table", "trayb:0001-sequence", "trayb:0002-column");

    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    @Test
    void an_empty_database_gets_all_change_sets_in_a_schema_that_is_made_for_them() throws Exception {
        Migrations migrations = migrations("fresh");

        assertThat(migrations.pending()).isEqualTo(ALL);
        assertThat(migrations.apply()).isEqualTo(ALL);
        assertThat(migrations.pending()).isEmpty();
        assertThat(migrations.apply()).isEmpty();
        assertThat(tables("fresh")).contains("trayb_probe", "databasechangelog");
    }

    @Test
    void statements_with_bare_names_find_what_was_migrated() throws Exception {
        migrations("named").apply();
        Database named =
                new Database(database.url().withSchema("named"), PoolConfiguration.DEFAULT, new MetricRegistry());
        named.start();
        try {
            long id = named.jdbi().withHandle(handle -> {
                handle.execute(
                        "INSERT INTO trayb_probe (id, name) VALUES (nextval('trayb_probe_ids'::regclass), ?)", "x");
                return handle.createQuery("SELECT trayb_probe.id FROM trayb_probe WHERE name = :name")
                        .bind("name", "x")
                        .mapTo(Long.class)
                        .one();
            });

            assertThat(id).isEqualTo(1);
        } finally {
            named.stop();
        }
    }

    @Test
    void what_is_pending_is_what_liquibase_then_applies() throws Exception {
        migrations("compared").apply();

        assertThat(applied("compared")).isEqualTo(ALL);
    }

    @Test
    void a_database_that_lacks_the_latest_change_set_is_known_to() throws Exception {
        migrations("partly").apply();
        database.jdbi()
                .useHandle(handle -> handle.execute("DELETE FROM partly.databasechangelog WHERE id = '0002-column'"));

        assertThat(migrations("partly").pending()).containsExactly("trayb:0002-column");
    }

    @Test
    void two_processes_that_migrate_at_once_wait_for_one_another() throws Exception {
        List<CompletableFuture<Void>> both = Stream.of(migrations("both"), migrations("both"))
                .map(migrations -> CompletableFuture.runAsync(() -> applyUnchecked(migrations)))
                .toList();

        both.forEach(CompletableFuture::join);

        assertThat(migrations("both").pending()).isEmpty();
    }

    @Test
    void the_product_s_own_change_sets_are_all_seen_and_all_applied() throws Exception {
        Migrations own = new Migrations(database.url().withSchema("own"));
        List<String> pending = own.pending();

        own.apply();

        assertThat(own.pending()).isEmpty();
        assertThat(applied("own")).isEqualTo(pending);
    }

    /** Whoever has a database could not start any more: Liquibase refuses one that was migrated by other texts. */
    @Test
    void no_file_that_a_database_may_have_been_migrated_by_is_ever_changed() throws Exception {
        Path files = Path.of("src/main/resources/migrations");
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> all = Files.list(files).sorted()) {
            for (Path file : all.toList()) {
                sums.append(Hashing.sha256().hashBytes(Files.readAllBytes(file)))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
        }

        assertThat(sums.toString())
                .as("a change goes into a new file, whose line is added to src/test/resources/migrations.sha256")
                .isEqualTo(Files.readString(Path.of("src/test/resources/migrations.sha256")));
    }

    @Test
    void asking_what_is_pending_writes_nothing() throws Exception {
        migrations("asked").createSchema();
        migrations("asked").pending();

        assertThat(tables("asked")).isEmpty();
    }

    @Test
    void a_database_that_is_not_there_is_an_sql_exception() {
        DatabaseUrl nowhere = DatabaseUrl.parse("postgresql://u:p@127.0.0.1:1/db");

        assertThatThrownBy(() -> new Migrations(nowhere).apply()).isInstanceOf(SQLException.class);
    }

    private static Migrations migrations(String schema) {
        return new Migrations(database.url().withSchema(schema), "test-migrations.xml", "test-migrations/");
    }

    private static void applyUnchecked(Migrations migrations) {
        try {
            migrations.apply();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private static List<String> applied(String schema) {
        String sql = "SELECT author || ':' || id FROM %s.databasechangelog ORDER BY orderexecuted".formatted(schema);
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private static List<String> tables(String schema) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
                        .bind("schema", schema)
                        .mapTo(String.class)
                        .list());
    }
}
