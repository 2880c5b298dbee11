package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.Transactions;
import io.trayb.http.StrictJson;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.handlers.NoopHandler;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.testing.UnpooledJdbi;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomeWriterTest extends WorkerNodes {
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final OutcomeWriter writer = new OutcomeWriter(leasesOverWhatMayBeAway());

    private final class Released implements Execution.Surroundings {
        @Override
        public void settled(Execution execution, Finish finish) {
            writer.write(execution, finish);
        }

        @Override
        public void progressed(Execution execution, int percent, @Nullable String message) {
            throw new AssertionError("nothing reports progress here");
        }

        @Override
        public void released(Execution execution) {
            released.incrementAndGet();
        }

        @Override
        public void ran(long nanos) {
            // Not of interest.
        }

        @Override
        public void abandoned(Execution execution) {
            throw new AssertionError("nothing is interrupted here");
        }

        @Override
        public void cameBack() {
            throw new AssertionError("nothing was given up here");
        }
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void an_outcome_waits_for_the_database_to_come_back() throws Exception {
        writer.start();
        away.set(true);
        Job job = runOne();
        await().until(() -> refused.get() > 0);
        assertThat(released).hasValue(0);

        away.set(false);

        assertThat(finished(job).state()).isEqualTo(JobState.COMPLETED);
        await().until(() -> released.get() == 1);
        writer.stop(Duration.ofSeconds(10));
    }

    @Test
    void a_stop_in_the_pause_after_a_failure_writes_what_is_left_once_more() throws Exception {
        writer.start();
        away.set(true);
        Job job = runOne();
        await().until(() -> refused.get() > 0);

        away.set(false);
        writer.stop(Duration.ofSeconds(10));

        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
        assertThat(released).hasValue(1);
    }

    @Test
    void a_stop_while_the_database_is_away_leaves_the_job_to_whoever_finds_its_lease_over() throws Exception {
        writer.start();
        away.set(true);
        Job job = runOne();
        await().until(() -> refused.get() > 0);

        writer.stop(Duration.ofSeconds(10));

        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.ACTIVE);
        assertThat(released).hasValue(0);
    }

    /** Runs a job to its end, whose outcome the writer then has. */
    private Job runOne() {
        Job job = submit("noop", "null");
        long process = leases.register("test", true, Set.of(), minute());
        LeasedJob lease = leases.claim(process, "w", List.of("noop"), "", 1, 1).get(0);
        new Execution(
                        lease,
                        new JobHandlers(List.of(new NoopHandler()), StrictJson.newMapper()),
                        Backoff.standard(() -> 0.5),
                        timer,
                        minute(),
                        new Released())
                .run();
        return job;
    }

    private JobLeases leasesOverWhatMayBeAway() {
        DatabaseUrl url = database.url();
        Jdbi jdbi = UnpooledJdbi.over(url, () -> {
            if (away.get()) {
                refused.incrementAndGet();
                throw new SQLException("the connection was refused", "08001");
            }
            return UnpooledJdbi.connect(url);
        });
        return new JobLeases(new Transactions(jdbi, () -> {}), announcer, InstantSource.system());
    }
}
