package io.trayb.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.PoolConfiguration;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestPgBouncer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class SizeCheckTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SizeCheck.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.setLevel(Level.WARN);
        LOGGER.addAppender(log);
    }

    @AfterEach
    void leave() {
        LOGGER.detachAppender(log);
        LOGGER.setLevel(null);
    }

    @Test
    void one_warning_names_all_that_does_not_fit_behind_pgbouncer() throws Exception {
        try (TestPgBouncer pgbouncer =
                TestPgBouncer.before(database.url(), "max_client_conn = 20", "default_pool_size = 300")) {
            DatabaseUrl console = DatabaseUrl.parse(pgbouncer.consoleUrl());

            assertThat(warnings(pgbouncer.through(database.url()), 16, console, 2))
                    .singleElement()
                    .asString()
                    .contains(
                            "database.pool.maxSize is 16, which over 2 processes",
                            "makes 36 connections, but PgBouncer's max_client_conn is 20: lower it to 8",
                            // 300 and 6 in reserve by the line for every database, 2 of the probe's.
                            "let it open 308 connections over its databases ["
                                    + database.url().database() + ", trayb_probe]",
                            "but Postgres lends 197 (max_connections 200, of which 3 are reserved)",
                            "docs/scaling.md");
        }
    }

    @Test
    void the_shipped_settings_fit_and_nothing_is_said() throws Exception {
        try (TestPgBouncer pgbouncer = TestPgBouncer.before(database.url())) {
            assertThat(warnings(pgbouncer.through(database.url()), 16, DatabaseUrl.parse(pgbouncer.consoleUrl()), 2))
                    .isEmpty();
        }
    }

    @Test
    void a_pgbouncer_that_has_every_database_counts_the_one_that_nobody_has_asked_it_for_yet() throws Exception {
        // Behind one address: the pool's connections go to the one, the console is the other's.
        try (TestPgBouncer pgbouncer = TestPgBouncer.before(database.url());
                TestPgBouncer other = TestPgBouncer.before(database.url(), "default_pool_size = 300")) {
            assertThat(warnings(pgbouncer.through(database.url()), 16, DatabaseUrl.parse(other.consoleUrl()), 2))
                    .singleElement()
                    .asString()
                    .contains("let it open 308 connections", database.url().database());
        }
    }

    @Test
    void a_pgbouncer_that_does_not_know_the_database_is_no_pgbouncer_that_fits() throws Exception {
        try (TestPgBouncer pgbouncer = TestPgBouncer.before(database.url());
                TestPgBouncer other = TestPgBouncer.before(database.url())) {
            other.leaveOut("* = ");
            assertThat(warnings(pgbouncer.through(database.url()), 16, DatabaseUrl.parse(other.consoleUrl()), 2))
                    .singleElement()
                    .asString()
                    .contains(
                            "has no database '" + database.url().database() + "'",
                            "PGBOUNCER_URL must lead to the one that DATABASE_URL leads through");
        }
    }

    @Test
    void nothing_is_counted_before_this_process_counts_itself() throws Exception {
        AtomicInteger processes = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        Database pool = pool(database.url(), 100);
        SizeCheck check = new SizeCheck(pool, database.url().database(), null, () -> {
            asked.incrementAndGet();
            return processes.get();
        });
        try {
            check.start();
            await().until(() -> asked.get() >= 1);
            assertThat(check.hasEnded()).isFalse();

            processes.set(2);

            await().until(check::hasEnded);
            assertThat(log.list).hasSize(1);
        } finally {
            check.stop();
            pool.stop();
        }
    }

    @Test
    void without_pgbouncer_the_limit_is_that_of_postgres() throws Exception {
        assertThat(warnings(database.url(), 100, null, 1)).isEmpty();
        assertThat(warnings(database.url(), 100, null, 2))
                .singleElement()
                .asString()
                .contains("database.pool.maxSize is 100, which over 2 processes", "lower it to 97");
    }

    private static Database pool(DatabaseUrl url, int maxSize) throws Exception {
        Database pool = new Database(
                url,
                new PoolConfiguration(0, maxSize, Duration.seconds(5), Duration.seconds(5), Duration.seconds(5)),
                new MetricRegistry());
        pool.start();
        return pool;
    }

    /** What a check has to say, from its start until it has ended. */
    private List<String> warnings(DatabaseUrl url, int maxSize, @Nullable DatabaseUrl pgbouncer, int processes)
            throws Exception {
        Database pool = pool(url, maxSize);
        SizeCheck check = new SizeCheck(pool, TestPgBouncer.PROBE_DATABASE, pgbouncer, () -> processes);
        try {
            check.start();
            await().until(check::hasEnded);
        } finally {
            check.stop();
            pool.stop();
        }
        List<String> warnings = log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        log.list.clear();
        return warnings;
    }
}
