package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.database.Transactions;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.Submitted;
import io.trayb.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random sequences of everything that can happen to jobs, on the real store, compared with {@link QueueModel} after each step.
 * The process's clock, which also makes the ids, jumps by up to a day between any two calls: it must not matter. A failure names
 * its seed and its steps; {@code -Dtrayb.states.seed=N} repeats it.
 */
class StateMachineTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private static final int SEQUENCES = Boolean.getBoolean("trayb.long") ? 600 : 25;
    private static final int STEPS = 60;
    private static final int MOST_JOBS = 12;
    /** Shorter than the database has been up for: nobody is judged before. */
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final Duration LONG_ENOUGH = Duration.ofHours(1);

    private final List<String> steps = new ArrayList<>();
    private Random random = new Random();
    private QueueModel model = new QueueModel();
    private final InstantSource wildClock =
            () -> Instant.now().plusMillis(random.nextInt(2 * 86_400_000) - 86_400_000L);
    private final Announcer announcer = new Announcer(new RecordedEvents(), JobObserver.NONE);
    private final Transactions transactions = new Transactions(database.jdbi(), () -> {});
    private final JobLeases leases = new JobLeases(transactions, announcer, wildClock);
    private final JobQueue queue = new JobQueue(transactions, announcer, this::nextId, wildClock);
    private final RemoteWorkers workers = new RemoteWorkers(
            transactions,
            announcer,
            leases,
            new LimitedStarts(transactions, announcer, System::nanoTime),
            Backoff.standard(() -> 0.5),
            wildClock,
            System::nanoTime);

    /** Every lease that was ever handed out, most of them long over. */
    private final List<LeasedJob> ofProcesses = new ArrayList<>();

    private final List<LeasedJob> ofWorkers = new ArrayList<>();
    private final List<Long> processes = new ArrayList<>();

    @Test
    void whatever_happens_to_jobs_in_whatever_order_leads_to_the_states_that_are_promised() {
        long first = Long.getLong("trayb.states.seed", System.currentTimeMillis() % 1_000_000);
        for (long seed = first; seed < first + SEQUENCES; seed++) {
            begin(seed);
            for (int step = 0; step < STEPS; step++) {
                anything();
                assertThat(inDatabase()).as("seed %d after %s", seed, steps).isEqualTo(model.view());
            }
        }
    }

    private void begin(long seed) {
        random = new Random(seed);
        model = new QueueModel();
        steps.clear();
        ofProcesses.clear();
        ofWorkers.clear();
        processes.clear();
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "TRUNCATE trayb_jobs; TRUNCATE trayb_finished_jobs; TRUNCATE trayb_processes; UPDATE trayb_queues SET paused = false")
                        .execute());
        processes.add(leases.register("one", true, Set.of(), LONG_ENOUGH));
        processes.add(leases.register("two", true, Set.of(), LONG_ENOUGH));
    }

    private void anything() {
        switch (random.nextInt(18)) {
            case 0, 1, 2 -> submit();
            case 3, 4, 5 -> claim();
            case 6 -> lease();
            case 7 -> finish(Finished.COMPLETED);
            case 8 -> finish(Finished.ATTEMPT_FAILED);
            case 9 -> finish(random.nextBoolean() ? Finished.FAILED_FOR_GOOD : Finished.RETURNED);
            case 10 -> remoteComplete();
            case 11 -> remoteFail();
            case 12 -> cancel();
            case 13 -> retry();
            case 14 -> timePasses();
            case 15 -> processDies();
            case 16 -> workerFallsSilentOrIsTooSlow();
            default -> pauseOrGiveBack();
        }
    }

    private void submit() {
        if (model.ids().size() == MOST_JOBS) {
            return;
        }
        String uniqueKey = random.nextInt(3) == 0 ? "key-" + random.nextInt(2) : null;
        boolean later = random.nextInt(4) == 0;
        int priority = random.nextInt(3);
        int maxAttempts = 1 + random.nextInt(3);
        Submitted submitted = queue.submit(
                        List.of(new JobSubmission(
                                "mail",
                                "noop",
                                "null",
                                priority,
                                null,
                                later ? LONG_ENOUGH : Duration.ZERO,
                                maxAttempts,
                                LONG_ENOUGH,
                                uniqueKey)),
                        null)
                .jobs()
                .get(0);
        UUID id = submitted.job().id();
        step("submit %s with key %s".formatted(id, uniqueKey));
        Optional<UUID> holder = uniqueKey == null ? Optional.empty() : model.holderOf(uniqueKey);
        assertThat(submitted.existing()).as("%s", steps).isEqualTo(holder.isPresent());
        if (holder.isPresent()) {
            assertThat(id).isEqualTo(holder.get());
        } else {
            model.submitted(id, priority, maxAttempts, uniqueKey, later);
        }
    }

    private void claim() {
        long process = any(processes);
        int limit = 1 + random.nextInt(3);
        List<Integer> expected = model.prioritiesOfNext(limit, process);
        List<LeasedJob> got = leases.claim(process, "w", Set.of("noop"), "", limit, limit);
        step("process %d claims %s".formatted(process, idsOf(got)));
        assertThat(got.stream().map(lease -> model.priority(lease.job().id())).sorted())
                .as("%s", steps)
                .isEqualTo(expected);
        got.forEach(lease -> model.started(lease.job().id(), lease.leaseId(), process));
        ofProcesses.addAll(got);
    }

    private void lease() {
        int limit = 1 + random.nextInt(2);
        List<Integer> expected = model.prioritiesOfNext(limit);
        List<LeasedJob> got = workers.lease("mail", "remote", limit, LONG_ENOUGH, Set.of()).stream()
                .map(RemoteLease::lease)
                .toList();
        step("a worker leases %s".formatted(idsOf(got)));
        assertThat(got.stream().map(lease -> model.priority(lease.job().id())).sorted())
                .as("%s", steps)
                .isEqualTo(expected);
        got.forEach(lease -> model.started(lease.job().id(), lease.leaseId(), null));
        ofWorkers.addAll(got);
    }

    private enum Finished {
        COMPLETED(new Outcome.Completed("1")),
        ATTEMPT_FAILED(new Outcome.AttemptFailed("no", LONG_ENOUGH, false)),
        FAILED_FOR_GOOD(new Outcome.FailedForGood("never")),
        RETURNED(new Outcome.Returned());

        @SuppressWarnings("ImmutableEnumChecker") // All of its kinds are records of immutable values.
        private final Outcome outcome;

        Finished(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    /** With a lease that may be long over. */
    private void finish(Finished how) {
        if (ofProcesses.isEmpty()) {
            return;
        }
        LeasedJob lease = recent(ofProcesses);
        UUID id = lease.job().id();
        boolean current = model.isCurrent(id, lease.leaseId());
        List<Job> written = leases.finish(List.of(new Finish(lease, how.outcome, null)));
        step("%s %s with lease %d".formatted(id, how, lease.leaseId()));
        assertThat(written).as("%s", steps).hasSize(current ? 1 : 0);
        if (current) {
            switch (how) {
                case COMPLETED -> model.completed(id);
                case ATTEMPT_FAILED -> model.failedAttempt(id);
                case FAILED_FOR_GOOD -> model.failedForGood(id);
                case RETURNED -> model.returned(id);
            }
        }
    }

    private void remoteComplete() {
        if (ofWorkers.isEmpty()) {
            return;
        }
        LeasedJob lease = recent(ofWorkers);
        UUID id = lease.job().id();
        boolean current = model.isCurrent(id, lease.leaseId());
        Optional<RemoteLease> beat = workers.beat(id, lease.leaseId(), LONG_ENOUGH, 50, null);
        Optional<Job> done = workers.complete(id, lease.leaseId(), "1");
        step("a worker completes %s with lease %d".formatted(id, lease.leaseId()));
        assertThat(beat.isPresent()).as("%s", steps).isEqualTo(current);
        assertThat(done.isPresent()).as("%s", steps).isEqualTo(current);
        if (current) {
            model.completed(id);
        }
    }

    private void remoteFail() {
        if (ofWorkers.isEmpty()) {
            return;
        }
        LeasedJob lease = recent(ofWorkers);
        UUID id = lease.job().id();
        boolean again = random.nextBoolean();
        boolean current = model.isCurrent(id, lease.leaseId());
        Optional<Job> failed = workers.fail(id, lease.leaseId(), "no", again);
        step("a worker fails %s with lease %d, retry %b".formatted(id, lease.leaseId(), again));
        assertThat(failed.isPresent()).as("%s", steps).isEqualTo(current);
        if (current && again) {
            model.failedAttempt(id);
        } else if (current) {
            model.failedForGood(id);
        }
    }

    private void cancel() {
        anyJob().ifPresent(id -> {
            boolean done = queue.cancel(id).isPresent();
            step("cancel %s".formatted(id));
            assertThat(done).as("%s", steps).isEqualTo(model.cancel(id));
        });
    }

    private void retry() {
        anyJob().ifPresent(id -> {
            boolean done = queue.retry(id, back -> {}).isPresent();
            step("retry %s".formatted(id));
            assertThat(done).as("%s", steps).isEqualTo(model.retry(id));
        });
    }

    /** A delayed job's time comes. */
    private void timePasses() {
        List<UUID> delayed = model.in(JobState.DELAYED);
        if (!delayed.isEmpty()) {
            UUID id = any(delayed);
            update("UPDATE trayb_jobs SET run_at = now() WHERE id = :id", id);
            assertThat(leases.promoteDue(10)).isEqualTo(1);
            step("%s is due".formatted(id));
            model.becameDue(id);
        }
    }

    private void processDies() {
        int which = random.nextInt(processes.size());
        long dead = processes.get(which);
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_processes SET expires_at = now() - interval '1 second' WHERE id = :id")
                        .bind("id", dead)
                        .execute());
        assertThat(leases.reap(LEASE, QueueModel.MAX_STALLS).processes()).isEqualTo(1);
        step("process %d dies".formatted(dead));
        model.heldBy(dead).forEach(model::leaseLost);
        assertThat(leases.beat(dead, LEASE)).isFalse();
        assertThat(leases.claim(dead, "w", Set.of("noop"), "", 9, 9)).isEmpty();
        processes.set(which, leases.register("next", true, Set.of(), LONG_ENOUGH));
    }

    private void workerFallsSilentOrIsTooSlow() {
        List<UUID> held = model.heldRemotely();
        if (held.isEmpty()) {
            return;
        }
        UUID id = any(held);
        if (random.nextBoolean()) {
            // Shorter than the database has been up for, as above.
            update(
                    "UPDATE trayb_jobs SET lease_ms = 1000, lease_expires_at = now() - interval '1 second' WHERE id = :id",
                    id);
            workers.reap(QueueModel.MAX_STALLS, LONG_ENOUGH);
            step("the lease of %s runs out".formatted(id));
            model.leaseLost(id);
        } else {
            update("UPDATE trayb_jobs SET started_at = now() - interval '2 hours' WHERE id = :id", id);
            workers.timeOut();
            step("%s takes too long".formatted(id));
            model.failedAttempt(id);
        }
    }

    private void pauseOrGiveBack() {
        if (random.nextBoolean()) {
            boolean paused = random.nextInt(3) == 0;
            queue.setPaused("mail", paused);
            step("paused: %b".formatted(paused));
            model.pause(paused);
        } else {
            long process = any(processes);
            leases.giveBackUnknown(process, List.of());
            step("process %d knows of nothing that it holds".formatted(process));
            model.heldBy(process).forEach(model::returned);
        }
    }

    private Map<UUID, String> inDatabase() {
        Map<UUID, String> found = new TreeMap<>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery("SELECT id, state, attempt FROM trayb_all_jobs")
                        .map((row, context) -> Map.entry(
                                row.getObject("id", UUID.class), row.getString("state") + " " + row.getInt("attempt")))
                        .forEach(row -> assertThat(found.put(row.getKey(), row.getValue()))
                                .isNull()));
        return found;
    }

    private void update(String sql, UUID id) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(sql).bind("id", id).execute());
    }

    private UUID nextId() {
        return new UUID((wildClock.millis() << 16) | 0x7000, random.nextLong());
    }

    private Optional<UUID> anyJob() {
        List<UUID> ids = model.ids();
        return ids.isEmpty() ? Optional.empty() : Optional.of(any(ids));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Mostly one of the last few, which may still be current. */
    private <T> T recent(List<T> list) {
        return list.get(list.size() - 1 - random.nextInt(Math.min(list.size(), 6)));
    }

    private static List<UUID> idsOf(List<LeasedJob> started) {
        return started.stream().map(lease -> lease.job().id()).toList();
    }

    private void step(String what) {
        steps.add(what);
    }
}
