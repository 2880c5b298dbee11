package io.trayb.jobs.queue;

import com.fasterxml.uuid.Generators;
import io.trayb.database.Transactions;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.Submitted;
import io.trayb.testing.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The queue on tables of its own, empty before each test, and the steps that its tests have in common. */
abstract class QueueTables {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    static final Duration LEASE = Duration.ofSeconds(10);

    final RecordedEvents events = new RecordedEvents();
    final Announcer announcer = new Announcer(events, JobObserver.NONE);
    final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    final JobLeases leases = new JobLeases(transactions, announcer, InstantSource.system());
    final JobQueue queue = new JobQueue(
            transactions, announcer, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());

    @BeforeEach
    void empty() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_queues; TRUNCATE trayb_processes; TRUNCATE trayb_idempotency_keys")
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
}
