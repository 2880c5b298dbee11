package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.handlers.NoopHandler;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.testing.UnpooledJdbi;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProcessLeaseTest extends WorkerNodes {
    @Test
    void a_process_that_leaves_its_end_to_others_to_tell_is_found_dead() throws Exception {
        Node leaving = startNode(1, 30_000, new NoopHandler());
        await().until(() -> leaving.lease().isHeld());
        AtomicInteger told = new AtomicInteger();
        Node other = startNode(told::incrementAndGet, 1, 30_000, new NoopHandler());
        await().until(() -> other.lease().isHeld());

        leaving.lease().keepForOthersToTell();
        leaving.stop();
        nodes.remove(leaving);

        await().until(() -> told.get() == 1);
    }

    @Test
    void a_process_that_signs_off_is_not_found_dead() throws Exception {
        Node leaving = startNode(1, 30_000, new NoopHandler());
        await().until(() -> leaving.lease().isHeld());

        leaving.stop();
        nodes.remove(leaving);

        long left = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM trayb_processes")
                        .mapTo(Long.class)
                        .one());
        assertThat(left).isZero();
    }

    @Test
    void a_process_whose_lease_was_judged_lets_go_and_registers_anew() throws Exception {
        BlockingHandler handler = new BlockingHandler(false);
        Node node = startNode(1, 30_000, handler);
        submit("blocking", "null");
        assertThat(handler.started.await(10, TimeUnit.SECONDS)).isTrue();
        long first = node.lease().processId();

        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_processes SET expires_at = now() - interval '1 hour'")
                        .execute());
        leases.reap(Duration.ofMillis(1), 3);

        await().untilTrue(handler.interrupted);
        await().until(() -> node.lease().isHeld() && node.lease().processId() != first);
        handler.letGo.countDown();
    }

    @Test
    void the_jobs_of_a_process_that_stopped_beating_run_elsewhere() {
        long dead = leases.register("killed", true, Set.of(), Duration.ofMillis(500));
        Job job = submit("noop", "null");
        assertThat(leases.claim(dead, "killed", List.of("noop"), "", 1, 1)).hasSize(1);

        startNode(1, 30_000, new NoopHandler());

        Job finished = finished(job);
        assertThat(finished.state()).isEqualTo(JobState.COMPLETED);
        assertThat(finished.attempt()).isEqualTo(2);
    }

    @Test
    void a_start_that_this_process_does_not_know_of_is_given_back_and_run() {
        Node node = startNode(1, 30_000, new NoopHandler());
        await().until(() -> node.lease().isHeld());
        Job job = submit("unheard-of", "null");
        leases.claim(node.lease().processId(), "lost answer", List.of("unheard-of"), "", 1, 1);

        await().untilAsserted(() ->
                assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.WAITING));
    }

    @Test
    void after_an_outage_nobody_is_judged_until_everybody_had_time_to_beat_again() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        DatabaseUrl url = database.url();
        JobLeases overWhatMayBeAway = new JobLeases(
                new Transactions(
                        UnpooledJdbi.over(url, () -> {
                            if (away.get()) {
                                throw new SQLException("the connection was refused", "08001");
                            }
                            return UnpooledJdbi.connect(url);
                        }),
                        () -> {}),
                announcer,
                InstantSource.system());
        ProcessLease lease =
                new ProcessLease(overWhatMayBeAway, "test", configuration(1, 0), Set.of(), System::nanoTime);
        lease.start();
        try {
            await().until(lease::maySeeOthersDead);

            // Far shorter than the lease, which is held all the while.
            away.set(true);
            await().until(() -> lease.inTouch().isZero());
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.maySeeOthersDead()).isFalse();
            away.set(false);

            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> !lease.inTouch().isZero());
            assertThat(lease.inTouch()).isLessThan(LEASE);
            await().until(lease::maySeeOthersDead);
        } finally {
            lease.stop();
        }
    }
}
