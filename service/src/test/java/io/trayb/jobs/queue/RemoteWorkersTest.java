package io.trayb.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.worker.WaitingWorkers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteWorkersTest extends QueueTables {
    private final WaitingWorkers waiting = new WaitingWorkers(remoteWorkers, System::nanoTime);

    @BeforeEach
    void start() {
        announcer.onReady(waiting::wake);
        waiting.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        waiting.stop();
    }

    @Test
    void a_worker_gets_what_waits_in_its_queue_and_completes_it() {
        Job job = submit("mail", "send");
        submit("other", "send");

        List<RemoteLease> got = remoteWorkers.lease("mail", "w-1", 10, LEASE, Set.of());

        assertThat(got).hasSize(1);
        LeasedJob lease = got.get(0).lease();
        assertThat(lease.job().id()).isEqualTo(job.id());
        Job done = remoteWorkers
                .complete(job.id(), lease.leaseId(), "{\"ok\":true}")
                .orElseThrow();
        assertThat(done.state()).isEqualTo(JobState.COMPLETED);
        assertThat(done.result()).isEqualTo("{\"ok\":true}");
        assertThat(events.namesOf(job.id())).containsExactly("job.waiting", "job.active", "job.completed");
        assertThat(events.of(job.id()).get(1).data()).contains("\"worker\":\"w-1\"");
    }

    @Test
    void only_the_types_that_a_worker_knows_are_handed_to_it() {
        submit("mail", "a");
        Job b = submit("mail", "b");

        assertThat(remoteWorkers.lease("mail", "w", 10, LEASE, Set.of("b", "c")))
                .extracting(remote -> remote.lease().job().id())
                .containsExactly(b.id());
    }

    @Test
    void a_paused_queue_hands_nothing_out() {
        submit("mail", "a");
        queue.setPaused("mail", true);

        assertThat(remoteWorkers.lease("mail", "w", 10, LEASE, Set.of())).isEmpty();
    }

    @Test
    void a_worker_that_slept_past_its_lease_cannot_touch_the_next_run() {
        Job job = submit("mail", "a");
        long stale = leaseOne().leaseId();
        expireLeases();
        remoteWorkers.reap(3, Duration.ofHours(1));
        LeasedJob current = leaseOne();

        assertThat(remoteWorkers.complete(job.id(), stale, "1")).isEmpty();
        assertThat(remoteWorkers.fail(job.id(), stale, "no", true)).isEmpty();
        assertThat(refused).extracting(Job::id).containsExactly(job.id(), job.id());
        assertThat(remoteWorkers.beat(job.id(), stale, LEASE, 50, null)).isEmpty();
        assertThat(current.job().attempt()).isEqualTo(2);
        assertThat(remoteWorkers
                        .complete(job.id(), current.leaseId(), "2")
                        .orElseThrow()
                        .result())
                .isEqualTo("2");
        assertThat(remoteWorkers.complete(job.id(), current.leaseId(), "3")).isEmpty();
    }

    @Test
    void a_heartbeat_extends_the_lease_and_tells_progress() {
        submit("mail", "a");
        RemoteLease got = remoteWorkers
                .lease("mail", "w", 1, Duration.ofSeconds(1), Set.of())
                .get(0);

        RemoteLease extended = remoteWorkers
                .beat(got.lease().job().id(), got.lease().leaseId(), Duration.ofHours(1), 40, "half way")
                .orElseThrow();

        assertThat(extended.expiresAt()).isAfter(got.expiresAt().plus(Duration.ofMinutes(59)));
        assertThat(queue.find(got.lease().job().id()).orElseThrow().progress()).isEqualTo(40);
        assertThat(events.of(got.lease().job().id()).get(2).data())
                .contains("\"progress\":40")
                .contains("half way");
    }

    @Test
    void a_failure_is_retried_unless_the_worker_says_no() {
        submit("mail", "a");
        LeasedJob first = leaseOne();
        assertThat(remoteWorkers
                        .fail(first.job().id(), first.leaseId(), "flaky", true)
                        .orElseThrow()
                        .state())
                .isEqualTo(JobState.DELAYED);

        submit("mail", "a");
        LeasedJob second = leaseOne();
        assertThat(remoteWorkers
                        .fail(second.job().id(), second.leaseId(), "broken", false)
                        .orElseThrow()
                        .state())
                .isEqualTo(JobState.FAILED);
    }

    @Test
    void the_third_lost_lease_fails_the_job() {
        Job job = submit("mail", "a");
        for (int loss = 1; loss <= 3; loss++) {
            leaseOne();
            expireLeases();
            remoteWorkers.reap(3, Duration.ofHours(1));
        }

        Job failed = queue.find(job.id()).orElseThrow();
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.error()).isNotNull();
        assertThat(failed.error().message()).contains("lease lost 3 times");
    }

    @Test
    void a_job_that_two_leases_were_lost_on_goes_out_alone_so_that_its_neighbours_do_not_fail_with_it() {
        for (int limited = 0; limited < 2; limited++) {
            String name = "mail-" + limited;
            if (limited == 1) {
                queue.setLimits(name, 100, null);
            }
            for (int i = 0; i < 3; i++) {
                submit(name, "send");
            }
            database.jdbi()
                    .useHandle(handle -> handle.createUpdate(
                                    "UPDATE trayb_jobs SET stalls = 2, last_life = true WHERE queue = :queue")
                            .bind("queue", name)
                            .execute());
            Job ordinary = submit(name, "send");

            String worker = "w-" + limited;
            // Which queues have limits is known a second later at the latest.
            await().until(() ->
                    remoteWorkers.lease(name, worker, 10, LEASE, Set.of()).size() == 1);
            assertThat(remoteWorkers.lease(name, worker, 10, LEASE, Set.of("send")))
                    .extracting(lease -> lease.lease().job().id())
                    .containsExactly(ordinary.id());
            assertThat(remoteWorkers.lease(name, worker, 10, LEASE, Set.of())).isEmpty();
            assertThat(remoteWorkers.lease(name, "other-" + worker, 10, LEASE, Set.of("send")))
                    .hasSize(1);
        }
    }

    @Test
    void a_lease_that_still_runs_is_left_alone() {
        Job job = submit("mail", "a");
        leaseOne();
        remoteWorkers.reap(3, Duration.ofHours(1));

        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);
    }

    @Test
    void an_attempt_that_takes_too_long_fails_whatever_its_heartbeats_say() {
        Job job = queue.submit(
                        List.of(new JobSubmission(
                                "mail", "a", "null", 5, null, Duration.ZERO, 2, Duration.ofMillis(1), null)),
                        null)
                .jobs()
                .get(0)
                .job();
        LeasedJob lease = leaseOne();
        database.jdbi()
                .useHandle(
                        handle -> handle.createUpdate("UPDATE trayb_jobs SET started_at = now() - interval '1 minute'")
                                .execute());

        remoteWorkers.timeOut();

        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.DELAYED);
        assertThat(remoteWorkers.complete(job.id(), lease.leaseId(), null)).isEmpty();
    }

    @Test
    void starts_that_their_worker_never_heard_of_are_not_counted() {
        Job job = submit("mail", "a");
        remoteWorkers.giveBack(remoteWorkers.lease("mail", "w", 1, LEASE, Set.of()));

        Job back = queue.find(job.id()).orElseThrow();
        assertThat(back.state()).isEqualTo(JobState.WAITING);
        assertThat(back.attempt()).isZero();
    }

    @Test
    void a_waiting_worker_gets_the_job_when_it_comes() throws Exception {
        CompletableFuture<List<RemoteLease>> answer = waiting.lease(request(Duration.ofSeconds(20), Set.of("a")));
        submit("mail", "b");
        assertThat(answer).isNotDone();

        Job job = submit("mail", "a");

        assertThat(answer.get(5, TimeUnit.SECONDS))
                .extracting(remote -> remote.lease().job().id())
                .containsExactly(job.id());
    }

    /** Time stands still for those who wait, so that nobody is looked after without being woken. */
    @Test
    void a_job_of_one_queue_makes_no_claims_for_those_who_wait_at_another() throws Exception {
        WaitingWorkers timeless = new WaitingWorkers(remoteWorkers, () -> 0);
        timeless.start();
        try {
            CompletableFuture<List<RemoteLease>> atMail = timeless.lease(request("mail"));
            // With the second a round has ended in which everybody was looked at who had just come.
            serveOneAtAnother(timeless);
            serveOneAtAnother(timeless);

            UUID unheardOf = readySince("1 second");
            serveOneAtAnother(timeless);
            serveOneAtAnother(timeless);
            assertThat(atMail).isNotDone();

            timeless.wake(Set.of("mail"));
            assertThat(atMail.get(5, TimeUnit.SECONDS))
                    .extracting(remote -> remote.lease().job().id())
                    .containsExactly(unheardOf);
        } finally {
            timeless.stop();
        }
    }

    @Test
    void a_worker_that_waits_in_vain_gets_an_empty_answer_in_time() throws Exception {
        assertThat(waiting.lease(request(Duration.ofMillis(100), Set.of())).get(5, TimeUnit.SECONDS))
                .isEmpty();
        assertThat(waiting.lease(request(Duration.ZERO, Set.of()))).isCompletedWithValue(List.of());
    }

    @Test
    void a_node_that_stops_lets_its_waiting_workers_go() throws Exception {
        CompletableFuture<List<RemoteLease>> answer = waiting.lease(request(Duration.ofSeconds(20), Set.of()));

        waiting.close();

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEmpty();
    }

    private static WaitingWorkers.Request request(Duration patience, Set<String> types) {
        return new WaitingWorkers.Request("mail", "w", 10, LEASE, patience, types, () -> true);
    }

    private void serveOneAtAnother(WaitingWorkers at) throws Exception {
        CompletableFuture<List<RemoteLease>> answer = at.lease(request("other"));
        submit("other", "a");
        at.wake(Set.of("other", "nobody waits here"));
        assertThat(answer.get(5, TimeUnit.SECONDS)).hasSize(1);
    }

    private static WaitingWorkers.Request request(String queueName) {
        return new WaitingWorkers.Request(queueName, "w", 10, LEASE, Duration.ofSeconds(20), Set.of(), () -> true);
    }

    private Job submit(String queueName, String type) {
        return submit(JobSubmission.of(queueName, type, "null"));
    }

    private LeasedJob leaseOne() {
        return remoteWorkers.lease("mail", "w", 1, LEASE, Set.of()).get(0).lease();
    }

    private static void expireLeases() {
        // A short lease, so that the test's young Postgres has been up for long enough to judge.
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "UPDATE trayb_jobs SET lease_ms = 1, lease_expires_at = now() - interval '1 second'")
                        .execute());
    }
}
