package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.Finish;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.store.LimitedClaims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits of a queue, with several nodes at it. What was started and when is read from the tables. */
class LimitedStartsTest extends QueueTables {
    private static final String LIMITED = "limited";
    private static final String FREE = "free";
    private static final Set<String> TYPES = Set.of("noop");
    private static final int ENOUGH = 1_000;

    // How many were active, at the start of each job: what had started by then and not ended. A job's time of end is
    // before the commit that gives its place to another.
    private static final String MOST_AT_ONCE = """
            SELECT coalesce(max((SELECT count(*) FROM trayb_finished_jobs AS other
                                  WHERE other.queue = job.queue AND other.started_at <= job.started_at
                                    AND other.finished_at > job.started_at)), 0)
              FROM trayb_finished_jobs AS job WHERE queue = :queue
            """;

    // The starts of each second that ends with a start.
    private static final String MOST_IN_A_SECOND = """
            SELECT coalesce(max((SELECT count(*) FROM trayb_all_jobs AS other
                                  WHERE other.queue = job.queue
                                    AND other.started_at > job.started_at - interval '1 second'
                                    AND other.started_at <= job.started_at)), 0)
              FROM trayb_all_jobs AS job WHERE queue = :queue AND started_at IS NOT NULL
            """;

    @Test
    void many_claimers_at_once_never_run_more_than_may_be_active() throws Exception {
        limit(3, null);
        submit(LIMITED, 150);
        submit(FREE, 150);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService nodes = Executors.newFixedThreadPool(7);
        try {
            Future<Long> mostSeen = nodes.submit(() -> mostActiveUntil(over));
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                working.add(nodes.submit(this::workOffAsAProcess));
            }
            for (int i = 0; i < 2; i++) {
                working.add(nodes.submit(this::workOffAsARemoteWorker));
            }
            for (Future<?> node : working) {
                node.get();
            }
            over.set(true);
            assertThat(mostSeen.get()).isBetween(1L, 3L);
        } finally {
            over.set(true);
            nodes.shutdownNow();
        }
        assertThat(number(MOST_AT_ONCE, LIMITED)).isEqualTo(3);
        assertThat(number("SELECT count(*) FROM trayb_finished_jobs WHERE queue = :queue", LIMITED))
                .isEqualTo(150);
        assertThat(number("SELECT count(*) FROM trayb_finished_jobs WHERE queue = :queue", FREE))
                .isEqualTo(150);
    }

    @Test
    void many_claimers_at_once_never_start_more_than_may_start_in_any_second() throws Exception {
        limit(null, 20);
        submit(LIMITED, 70);
        submit(FREE, 70);
        long began = System.nanoTime();
        ExecutorService nodes = Executors.newFixedThreadPool(5);
        try {
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                working.add(nodes.submit(this::workOffAsAProcess));
            }
            for (int i = 0; i < 2; i++) {
                working.add(nodes.submit(this::workOffAsARemoteWorker));
            }
            for (Future<?> node : working) {
                node.get();
            }
        } finally {
            nodes.shutdownNow();
        }
        assertThat(number(MOST_IN_A_SECOND, LIMITED)).isEqualTo(20);
        assertThat(number(MOST_IN_A_SECOND, FREE)).isGreaterThan(20);
        // Three seconds at the least; not many more, since whoever waits knows when there is room again.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
    }

    @Test
    void each_way_of_claiming_leaves_the_queues_of_the_other_alone() {
        limit(null, 1_000);
        submit(LIMITED, 5);
        submit(FREE, 5);
        long process = register();

        assertThat(queuesOf(leases.claim(process, "w", TYPES, "", ENOUGH, ENOUGH)))
                .containsOnly(FREE)
                .hasSize(5);
        assertThat(queuesOf(limited.claim(process, "w", TYPES, "", ENOUGH, ENOUGH)))
                .containsOnly(LIMITED)
                .hasSize(5);
    }

    @Test
    void a_limit_that_is_taken_off_is_off_and_one_that_is_set_is_in_force_at_once() {
        limit(1, null);
        submit(LIMITED, 10);
        long process = register();
        assertThat(claim(process)).hasSize(1);
        assertThat(claim(process)).isEmpty();

        limit(null, null);
        assertThat(claim(process)).isEmpty();
        assertThat(leases.claim(process, "w", TYPES, "", 4, 4)).hasSize(4);

        limit(6, null);
        assertThat(leases.claim(process, "w", TYPES, "", ENOUGH, ENOUGH)).isEmpty();
        assertThat(claim(process)).hasSize(1);
    }

    @Test
    void a_lowered_limit_stops_nothing_that_runs_and_starts_nothing_until_there_is_room() {
        limit(4, null);
        submit(LIMITED, 10);
        long process = register();
        List<LeasedJob> running = claim(process);
        assertThat(running).hasSize(4);

        limit(2, null);
        assertThat(leases.lostLeases(running)).isEmpty();
        complete(running.get(0));
        complete(running.get(1));
        assertThat(claim(process)).isEmpty();
        complete(running.get(2));
        assertThat(claim(process)).hasSize(1);
    }

    @Test
    void a_remote_worker_counts_what_processes_run_and_the_other_way_round() {
        limit(3, null);
        submit(LIMITED, 10);
        long process = register();
        assertThat(lease(2)).hasSize(2);
        assertThat(claim(process)).hasSize(1);
        assertThat(lease(2)).isEmpty();
        assertThat(claim(process)).isEmpty();
    }

    @Test
    void a_claim_that_finds_another_at_work_leaves_the_queue_to_it_and_looks_again_soon() {
        limit(5, null);
        submit(LIMITED, 10);
        long process = register();
        database.jdbi().useTransaction(other -> {
            assertThat(LimitedClaims.claim(other, process, "w", TYPES, "", 2, 2))
                    .hasSize(2);
            // On a thread of its own: jdbi hands a thread that is in a transaction the same one again.
            CompletableFuture.runAsync(() -> {
                        assertThat(claim(process)).isEmpty();
                        assertThat(limited.untilRoom(TYPES)).hasValue(Duration.ofMillis(10));
                    })
                    .join();
        });
        assertThat(claim(process)).hasSize(3);
        assertThat(limited.untilRoom(TYPES)).hasValue(Duration.ofSeconds(1));
        assertThat(limited.untilRoom(Set.of("unknown"))).isEmpty();
    }

    @Test
    void a_process_whose_lease_is_over_starts_nothing() {
        limit(5, null);
        submit(LIMITED, 1);
        assertThat(claim(-1)).isEmpty();
    }

    @Test
    void a_paused_queue_rests_whatever_its_limits() {
        limit(5, 5);
        queue.setPaused(LIMITED, true);
        submit(LIMITED, 1);
        assertThat(claim(register())).isEmpty();
        assertThat(lease(1)).isEmpty();
        assertThat(limited.untilRoom(TYPES)).isEmpty();
    }

    @Test
    void starts_that_a_clock_which_was_set_back_left_in_the_future_hold_nothing_up() {
        limit(null, 2);
        submit(LIMITED, 2);
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO trayb_limited_starts VALUES (?, now() + interval '1 hour', 2)", LIMITED));

        assertThat(claim(register())).hasSize(2);

        limited.forgetOld();
        assertThat(number("SELECT count(*) FROM trayb_limited_starts WHERE queue = :queue", LIMITED))
                .isEqualTo(1);
    }

    @Test
    void a_full_queue_with_limits_does_not_starve_another_one() {
        limit(null, 1_000);
        queue.setLimits("other", null, 1_000);
        submit(LIMITED, 10);
        submit("other", 10);
        long process = register();

        assertThat(queuesOf(limited.claim(process, "w", TYPES, "", 2, 4)))
                .containsExactlyInAnyOrder(LIMITED, LIMITED, "other", "other");
        assertThat(queuesOf(limited.claim(process, "w", TYPES, LIMITED, 4, 4))).containsOnly("other");
    }

    private @Nullable Void workOffAsAProcess() throws Exception {
        long process = register();
        workOff(() -> {
            List<LeasedJob> started = new ArrayList<>(leases.claim(process, "w", TYPES, "", 2, 2));
            if (limited.areThere()) {
                started.addAll(limited.claim(process, "w", TYPES, "", 2, 2));
            }
            return started;
        });
        return null;
    }

    private @Nullable Void workOffAsARemoteWorker() throws Exception {
        workOff(() -> lease(2).stream().map(RemoteLease::lease).toList());
        return null;
    }

    private void workOff(Callable<List<LeasedJob>> claim) throws Exception {
        while (number("SELECT count(*) FROM trayb_jobs WHERE state = 'waiting' AND queue <> :queue", "") > 0) {
            List<LeasedJob> started = claim.call();
            if (started.isEmpty()) {
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> limited.untilRoom(TYPES)
                                .map(Duration.ofMillis(10)::equals)
                                .orElse(true));
            }
            started.forEach(this::complete);
        }
    }

    private long mostActiveUntil(AtomicBoolean over) {
        List<Long> seen = new ArrayList<>();
        while (!over.get()) {
            seen.add(number("SELECT count(*) FROM trayb_jobs WHERE state = 'active' AND queue = :queue", LIMITED));
        }
        return Collections.max(seen);
    }

    private void limit(@Nullable Integer maxActive, @Nullable Integer maxStartsPerSecond) {
        queue.setLimits(LIMITED, maxActive, maxStartsPerSecond);
    }

    private void submit(String name, int jobs) {
        queue.submit(Collections.nCopies(jobs, JobSubmission.of(name, "noop", "null")), null);
    }

    private long register() {
        return leases.register("node", true, Set.of(), LEASE);
    }

    private List<LeasedJob> claim(long process) {
        return limited.claim(process, "w", TYPES, "", ENOUGH, ENOUGH);
    }

    private List<RemoteLease> lease(int limit) {
        await().until(() -> limited.has(LIMITED));
        return remoteWorkers.lease(LIMITED, "w", limit, LEASE, TYPES);
    }

    private void complete(LeasedJob job) {
        assertThat(leases.finish(List.of(new Finish(job, new Outcome.Completed(null), null))))
                .hasSize(1);
    }

    private static List<String> queuesOf(List<LeasedJob> started) {
        return started.stream().map(leased -> leased.job().queue()).toList();
    }

    private static long number(String sql, String queue) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql)
                        .bind("queue", queue)
                        .mapTo(Long.class)
                        .one());
    }
}
