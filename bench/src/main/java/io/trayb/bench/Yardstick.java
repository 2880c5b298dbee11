package io.trayb.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.trayb.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.tomcat.jdbc.pool.DataSource;

/**
 * db-scheduler with {@code lock-and-fetch} on the same Postgres and with as many threads: tasks that do nothing, inserted in
 * batches by one client without HTTP, from the first insertion to the last execution.
 */
record Yardstick(DatabaseUrl database, int jobs, int threads) implements Measurement {
    private static final int BATCH = 500;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** The library's own table for Postgres, as its README has it. */
    private static final String TABLE = """
            DROP TABLE IF EXISTS scheduled_tasks;
            CREATE TABLE scheduled_tasks (
                task_name text NOT NULL,
                task_instance text NOT NULL,
                task_data bytea,
                execution_time timestamptz NOT NULL,
                picked boolean NOT NULL,
                picked_by text,
                last_success timestamptz,
                last_failure timestamptz,
                consecutive_failures int,
                last_heartbeat timestamptz,
                version bigint NOT NULL,
                priority smallint,
                PRIMARY KEY (task_name, task_instance));
            CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
            CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)
            """;

    @Override
    public String title() {
        return "yardstick: db-scheduler, lock-and-fetch, " + threads + " threads";
    }

    @Override
    public List<Figure> run() throws Exception {
        DataSource pool = pool();
        CountDownLatch left = new CountDownLatch(jobs);
        OneTimeTask<Void> noop = Tasks.oneTime("noop", Void.class).execute((instance, context) -> left.countDown());
        Scheduler scheduler = Scheduler.create(pool, noop)
                .threads(threads)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(100))
                .enableImmediateExecution()
                .build();
        try {
            createTable(pool);
            scheduler.start();
            long begun = System.nanoTime();
            for (int from = 0; from < jobs; from += BATCH) {
                scheduler.scheduleBatch(batch(noop, Math.min(BATCH, jobs - from)));
            }
            double inserted = (System.nanoTime() - begun) / 1e9;
            if (!left.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new TimeoutException(left.getCount() + " tasks were not run in " + LONGEST.toSeconds() + " s");
            }
            double executed = (System.nanoTime() - begun) / 1e9;
            return List.of(new Figure("inserted/s", jobs / inserted), new Figure("completed/s", jobs / executed));
        } finally {
            scheduler.stop();
            pool.close();
        }
    }

    private static List<SchedulableInstance<?>> batch(OneTimeTask<Void> task, int size) {
        List<SchedulableInstance<?>> batch = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            batch.add(SchedulableInstance.of(task.instance(UUID.randomUUID().toString()), Instant.now()));
        }
        return batch;
    }

    private DataSource pool() {
        DataSource pool = new DataSource();
        pool.setUrl(database.jdbcUrl());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setDriverClassName("org.postgresql.Driver");
        // As its README advises: enough for the threads, and batches of inserts in one statement.
        pool.setMaxActive(threads + 4);
        pool.setMaxIdle(threads + 4);
        pool.setInitialSize(1);
        pool.setMinIdle(1);
        pool.setConnectionProperties("reWriteBatchedInserts=true");
        return pool;
    }

    private static void createTable(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
    }
}
