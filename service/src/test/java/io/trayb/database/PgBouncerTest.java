package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.trayb.testing.OwnPostgres;
import io.trayb.testing.TestPgBouncer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** The pool behind the shipped PgBouncer, before a Postgres that asks for passwords. */
class PgBouncerTest {
    /** More than a statement takes to be prepared. */
    private static final int OFTEN = 12;
    /** With PgBouncer's own defaults it would be 15 s. */
    private static final Duration SOON = Duration.ofSeconds(6);

    @TempDir
    static Path folder;

    private static OwnPostgres postgres;
    private static DatabaseUrl signedIn;
    private static TestPgBouncer pgbouncer;
    private static Database through;

    @BeforeAll
    static void start() throws Exception {
        Path files = folder.resolve("postgres");
        postgres = new OwnPostgres(files);
        execute("CREATE ROLE trayb LOGIN SUPERUSER");
        signedIn = DatabaseUrl.parse("postgresql://trayb@" + postgres.url().hosts() + "/postgres");
        pgbouncer = TestPgBouncer.before(signedIn);
        // From now on Postgres doesn't take this user's word; what a client proves to PgBouncer must do for it too.
        Files.writeString(files.resolve("pg_hba.conf"), """
                host all trayb all scram-sha-256
                host all all all trust
                """);
        execute("SELECT pg_reload_conf()");
        through = open(pgbouncer.through(signedIn));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url().jdbcUrl(), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        through.stop();
        pgbouncer.close();
        postgres.close();
    }

    private static Database open(DatabaseUrl url) throws Exception {
        Database database = new Database(url, PoolConfiguration.DEFAULT, new MetricRegistry());
        database.start();
        return database;
    }

    @Test
    void the_shipped_file_has_statements_planned_as_connections_without_a_pooler_do() throws IOException {
        Matcher shipped = Pattern.compile("\ntrayb = .*connect_query='([^']*)'")
                .matcher(Files.readString(Path.of("../infra/pgbouncer/pgbouncer.ini")));

        assertThat(shipped.find()).isTrue();
        assertThat(shipped.group(1)).isEqualTo(KeptPlans.PLANNING);
    }

    @Test
    void each_session_behind_it_plans_like_one_without_a_pooler_also_after_a_reconnect() throws Exception {
        Database direct = open(passedBy());
        try {
            Map<String, String> expected = direct.jdbi().withHandle(PgBouncerTest::planning);
            assertThat(expected).containsEntry("enable_seqscan", "off");

            assertThat(planningInSessions(3)).containsOnly(expected);
            pgbouncer.reconnect();
            assertThat(planningInSessions(3)).as("after a reconnect").containsOnly(expected);
        } finally {
            direct.stop();
        }
    }

    @Test
    void a_plan_is_kept_on_a_connection_without_a_pooler_and_on_none_through_it() throws Exception {
        Database direct = open(passedBy());
        try {
            assertThat(preparedAfterUse(direct)).isPositive();
            assertNothingPreparedThrough();
            pgbouncer.reconnect();
            assertNothingPreparedThrough();
            pgbouncer.kill();
            pgbouncer.start();
            assertNothingPreparedThrough();
            postgres.stop();
            postgres.start();
            assertNothingPreparedThrough();
        } finally {
            direct.stop();
        }
    }

    @Test
    void a_postgres_that_is_back_is_found_within_seconds_and_without_a_new_start_of_anything() throws Exception {
        postgres.crash();
        // The worst moment: PgBouncer has just found nobody there.
        await().until(() -> !answers());

        postgres.start();

        await().atMost(SOON).until(PgBouncerTest::answers);
    }

    @Test
    void who_waits_for_a_connection_in_vain_is_told_before_it_gives_up_by_itself() throws Exception {
        awaitAnswer();
        DatabaseUrl url = pgbouncer.through(signedIn);
        pgbouncer.pause();
        long began = System.nanoTime();
        try {
            assertThat(catchThrowable(() -> {
                        try (Connection connection =
                                        DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
                                Statement statement = connection.createStatement()) {
                            statement.execute("SELECT 1");
                        }
                    }))
                    .hasMessageContaining("query_wait_timeout");
        } finally {
            pgbouncer.resume();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isLessThan(PoolConfiguration.DEFAULT.socketTimeout().toJavaDuration());
    }

    @Test
    void a_migration_through_it_is_refused_with_what_to_set() {
        awaitAnswer();

        assertThat(catchThrowable(() -> new Migrations(pgbouncer.through(signedIn)).apply()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("set DIRECT_DATABASE_URL to the way past it");
    }

    /** The way without PgBouncer, with the same password. */
    private static DatabaseUrl passedBy() {
        DatabaseUrl with = pgbouncer.through(signedIn);
        return new DatabaseUrl(
                postgres.url().hosts(),
                with.database(),
                with.user(),
                with.password(),
                with.schema(),
                with.properties(),
                List.of());
    }

    private static boolean answers() {
        try {
            return through.jdbi()
                            .withHandle(handle -> handle.createQuery("SELECT 1")
                                    .mapTo(Integer.class)
                                    .one())
                    == 1;
        } catch (JdbiException e) {
            return false;
        }
    }

    private static void awaitAnswer() {
        await().atMost(Duration.ofSeconds(20)).until(PgBouncerTest::answers);
    }

    private static List<Map<String, String>> planningInSessions(int sessions) {
        List<Handle> open = new ArrayList<>();
        List<Map<String, String>> planning = new ArrayList<>();
        try {
            for (int i = 0; i < sessions; i++) {
                Handle handle = through.jdbi().open();
                open.add(handle);
                handle.begin();
                planning.add(planning(handle));
            }
            return planning;
        } finally {
            open.forEach(Handle::rollback);
            open.forEach(Handle::close);
        }
    }

    private static Map<String, String> planning(Handle handle) {
        Map<String, String> settings = new TreeMap<>();
        handle.createQuery("SELECT name, setting FROM pg_settings WHERE name LIKE 'enable_%'")
                .map((row, context) -> settings.put(row.getString(1), row.getString(2)))
                .list();
        return settings;
    }

    /** As soon as the pool has noticed which of its connections were cut. */
    private static void assertNothingPreparedThrough() {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(JdbiException.class)
                .untilAsserted(() -> assertThat(preparedAfterUse(through)).isZero());
    }

    /** Statements that are prepared in the sessions which a statement that asks for it was used in. */
    private static int preparedAfterUse(Database database) throws SQLException {
        return database.jdbi().withHandle(handle -> {
            int prepared = 0;
            for (int i = 0; i < OFTEN; i++) {
                prepared = handle.createQuery("SELECT count(*) FROM pg_prepared_statements WHERE :number = :number")
                        .bind("number", i)
                        .addCustomizer(KeptPlans.KEEP)
                        .mapTo(Integer.class)
                        .one();
            }
            boolean direct = handle.getConnection().unwrap(PGConnection.class).getPrepareThreshold() > 0;
            assertThat(direct).isEqualTo(database != through);
            return prepared;
        });
    }
}
