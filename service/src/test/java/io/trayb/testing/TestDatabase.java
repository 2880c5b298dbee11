package io.trayb.testing;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import io.trayb.database.Database;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.trayb.database.PoolConfiguration;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A database of a test class's own, on the JVM's one Postgres, dropped when the class is done.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestDatabase database = TestDatabase.migrated();
 * }</pre>
 *
 * <p>For a class that is annotated with {@link ThroughPgBouncer} it is reached through the shipped PgBouncer, and nothing that the
 * class does may leave a trace in a session.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
    private final boolean migrated;
    private final PoolConfiguration pool;
    private @Nullable Database database;
    private boolean pooled;

    private TestDatabase(boolean migrated, PoolConfiguration pool) {
        this.migrated = migrated;
        this.pool = pool;
    }

    /** With the tables of this version. */
    public static TestDatabase migrated() {
        return new TestDatabase(true, DatabaseConfiguration.DEFAULT.pool());
    }

    /** With the tables of this version and so many connections, of which each may take its time. */
    public static TestDatabase migrated(int connections) {
        return new TestDatabase(
                true,
                new PoolConfiguration(0, connections, Duration.seconds(30), Duration.seconds(5), Duration.minutes(5)));
    }

    /** With nothing in it. */
    public static TestDatabase empty() {
        return new TestDatabase(false, DatabaseConfiguration.DEFAULT.pool());
    }

    public DatabaseUrl url() {
        return database().url();
    }

    public Jdbi jdbi() {
        return database().jdbi();
    }

    public Database database() {
        return Objects.requireNonNull(database, "TestDatabase must be a static field with @RegisterExtension");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        DatabaseUrl url = migrated ? TestPostgres.createCopy(Template.MIGRATED) : TestPostgres.createDatabase();
        pooled = TestPgBouncer.isBeforeAll()
                || AnnotationSupport.isAnnotated(context.getRequiredTestClass(), ThroughPgBouncer.class);
        if (pooled) {
            url = TestPgBouncer.ofThisJvm().through(url);
        }
        database = new Database(url, pool, new MetricRegistry());
        database.start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        Database open = database();
        if (pooled) {
            SessionTraces.requireNone(open.jdbi());
        }
        open.stop();
        TestPostgres.dropDatabase(open.url());
    }

    /** Migrated once a JVM; a copy takes a fraction of the time. */
    private static final class Template {
        static final DatabaseUrl MIGRATED = create();

        private static DatabaseUrl create() {
            DatabaseUrl url = TestPostgres.createDatabase();
            try {
                new Migrations(url).apply();
            } catch (Exception e) {
                throw new IllegalStateException("the tests' template database could not be migrated", e);
            }
            return url;
        }
    }
}
