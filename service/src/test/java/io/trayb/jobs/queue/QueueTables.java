package io.trayb.jobs.queue;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.Submitted;
import io.trayb.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The queue on tables of its own, empty before each test, and the steps that its tests have in common. */
abstract class QueueTables {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated(16);

    static final Duration LEASE = Duration.ofSeconds(10);

    final RecordedEvents events = new RecordedEvents();
    /** The jobs of the outcomes that were refused. */
    final List<Job> refused = new CopyOnWriteArrayList<>();

    final Announcer announcer = new Announcer(events, new JobObserver() {
        @Override
        public void leaseConflict(Job job) {
            refused.add(job);
        }
    });
    final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system());
    final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());
    final LimitedStarts limited = new LimitedStarts(transactions, announcer, System::nanoTime);
    final RemoteWorkers remoteWorkers = new RemoteWorkers(
            transactions,
            announcer,
            leases,
            limited,
            Backoff.standard(() -> 0.5),
            InstantSource.system(),
            System::nanoTime);

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_queues; TRUNCATE trayb_processes; TRUNCATE trayb_idempotency_keys; TRUNCATE trayb_asked_types; TRUNCATE trayb_limited_starts")
                        .execute());
    }

    List<Submitted> submitAll(List<JobSubmission> submissions) {
        return queue.submit(submissions, null).jobs();
    }

    Job submit(JobSubmission submission) {
        return submitAll(List.of(submission)).get(0).job();
    }

    LeasedJob startOne() {
        submit(JobSubmission.of("mail", "noop", "null"));
        return claim(leases.register("test", true, Set.of(), LEASE), 1).get(0);
    }

    static long processOf(LeasedJob lease) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT process_id FROM trayb_jobs WHERE lease_id = :leaseId")
                        .bind("leaseId", lease.leaseId())
                        .mapTo(Long.class)
                        .one());
    }

    List<LeasedJob> claim(long process, int limit) {
        return leases.claim(process, "w", Set.of("noop", "echo"), "", limit, limit);
    }

    void finish(LeasedJob lease, Outcome outcome, @Nullable Integer progress) {
        leases.finish(List.of(new Finish(lease, outcome, progress)));
    }

    static JobSubmission delayed(Duration delay) {
        return new JobSubmission("mail", "noop", "null", 5, null, delay, 5, minute(), null);
    }

    static JobSubmission priority(int priority) {
        return new JobSubmission("mail", "noop", "null", priority, null, Duration.ZERO, 5, minute(), null);
    }

    static JobSubmission unique(String key) {
        return new JobSubmission("mail", "noop", "null", 5, null, Duration.ZERO, 5, minute(), key);
    }

    static Duration minute() {
        return Duration.ofMinutes(1);
    }

    static void makeDue(Job job) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("UPDATE trayb_jobs SET run_at = now() WHERE id = :id")
                        .bind("id", job.id())
                        .execute());
    }

    static void age(String by) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_idempotency_keys SET created_at = created_at - CAST(:by AS interval)")
                        .bind("by", by)
                        .execute());
    }

    static void expire(long process) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_processes SET expires_at = now() - interval '1 second' WHERE id = :id")
                        .bind("id", process)
                        .execute());
    }

    /** How many rows of the live table this session has read so far, by whatever way. */
    static long rowsRead(Handle handle) {
        flushCounts(handle);
        return handle.createQuery("""
            SELECT coalesce(sum(idx_tup_read), 0) + (SELECT seq_tup_read FROM pg_stat_user_tables
                                                      WHERE relname = 'trayb_jobs')
              FROM pg_stat_user_indexes WHERE relname = 'trayb_jobs'
            """).mapTo(Long.class).one();
    }

    /** How many pages of the live table and its indexes this session has used so far, cached or not. */
    static long pagesUsed(Handle handle) {
        flushCounts(handle);
        return handle.createQuery("""
            SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit
              FROM pg_statio_user_tables WHERE relname = 'trayb_jobs'
            """).mapTo(Long.class).one();
    }

    private static void flushCounts(Handle handle) {
        handle.execute("SELECT pg_stat_force_next_flush()");
    }

    /** Opens a transaction whose snapshot keeps what dies from now on from being cleaned away, until it is closed. */
    static Connection holdOpenTransaction(TestDatabase of) throws SQLException {
        Connection other = DriverManager.getConnection(
                of.url().jdbcUrl(), of.url().user(), of.url().password());
        other.setAutoCommit(false);
        other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = other.createStatement()) {
            statement.execute("SELECT count(*) FROM trayb_jobs");
        }
        return other;
    }

    /** Leaves dead entries of the waiting index behind, in equal parts of all priorities. */
    static void leaveDead(String type, int jobs) {
        database.jdbi().useHandle(handle -> {
            handle.createUpdate("""
                INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                        run_at, ready_at, lease_id)
                SELECT gen_random_uuid(), 'mail', :type, 'waiting', n % 10, 'null', 5, 60000,
                       now() - interval '1 day', now() - interval '1 day', NULL
                  FROM generate_series(1, :jobs) AS n
                """).bind("type", type).bind("jobs", jobs).execute();
            handle.execute("DELETE FROM trayb_jobs WHERE ready_at < now() - interval '20 hours'");
        });
    }

    /** Has a job wait that became ready so long ago. */
    static UUID readySince(String ago) {
        UUID id = UUID.randomUUID();
        database.jdbi()
                .useHandle(handle ->
                        handle.createUpdate("""
                            INSERT INTO trayb_jobs (id, queue, type, state, priority, payload, max_attempts, timeout_ms,
                                                    run_at, ready_at, created_at, lease_id)
                            SELECT :id, 'mail', 'noop', 'waiting', 5, 'null', 5, 60000, past, past, past, NULL
                              FROM (SELECT now() - CAST(:ago AS interval) AS past) AS moment
                            """).bind("id", id).bind("ago", ago).execute());
        return id;
    }
}
