package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.queue.JobMeasurements;
import io.trayb.jobs.store.Processes.Reaped;
import io.trayb.jobs.worker.WorkerMeasurements;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobMeasurementsTest {
    private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");

    private final Collectors collectors = new Collectors(TraybCatalog.withDefaults());
    private final JobMeasurements jobs = new JobMeasurements(new JobRecorder(collectors));

    private static Job job(JobState state) {
        JobError error = new JobError("broken", 1, START.plusMillis(250));
        return new Job(
                new UUID(0, 1),
                "mail",
                "send",
                state,
                5,
                "{}",
                1,
                5,
                60_000,
                START,
                null,
                null,
                error,
                null,
                START,
                START,
                null);
    }

    private double sample(String name) {
        Double value = collectors
                .registry()
                .getSampleValue(name, new String[] {"queue", "type"}, new String[] {"mail", "send"});
        return value == null ? 0 : value;
    }

    @Test
    void a_failed_attempt_that_is_tried_again_counts_as_a_retry_with_its_time() {
        jobs.attemptFailed(job(JobState.DELAYED), true);
        assertThat(sample("trayb_job_attempts_failed_total")).isEqualTo(1);
        assertThat(sample("trayb_jobs_retried_total")).isEqualTo(1);
        assertThat(sample("trayb_jobs_timed_out_total")).isEqualTo(1);
        assertThat(sample("trayb_jobs_failed_total")).isZero();
        assertThat(sample("trayb_job_duration_seconds_sum")).isEqualTo(0.25);
    }

    @Test
    void a_job_that_failed_for_good_is_no_retry() {
        jobs.attemptFailed(job(JobState.FAILED), false);
        jobs.failed(job(JobState.FAILED));
        assertThat(sample("trayb_jobs_failed_total")).isEqualTo(1);
        assertThat(sample("trayb_jobs_retried_total")).isZero();
        assertThat(sample("trayb_jobs_timed_out_total")).isZero();
    }

    @Test
    void every_job_that_a_dead_process_held_counts_as_stalled() {
        jobs.reaped(
                new Reaped(1, List.of(job(JobState.WAITING), job(JobState.WAITING)), List.of(job(JobState.FAILED))));
        assertThat(sample("trayb_jobs_stalled_total")).isEqualTo(3);
    }

    @Test
    void the_rest_of_a_jobs_life_is_counted_too() {
        jobs.submitted(job(JobState.WAITING));
        jobs.started(new LeasedJob(job(JobState.ACTIVE), 7, 1500, false));
        jobs.completed(job(JobState.COMPLETED), 2000);
        jobs.cancelled(job(JobState.CANCELLED));
        jobs.leaseConflict(job(JobState.ACTIVE));
        assertThat(sample("trayb_jobs_submitted_total")).isEqualTo(1);
        assertThat(sample("trayb_job_wait_seconds_sum")).isEqualTo(1.5);
        assertThat(sample("trayb_jobs_completed_total")).isEqualTo(1);
        assertThat(sample("trayb_job_duration_seconds_sum")).isEqualTo(2);
        assertThat(sample("trayb_jobs_cancelled_total")).isEqualTo(1);
        assertThat(sample("trayb_jobs_lease_conflicts_total")).isEqualTo(1);
    }

    @Test
    void batches_count_by_what_they_did_and_claims_are_timed() {
        jobs.accepted(3);
        jobs.writing(20);
        WorkerMeasurements worker = new WorkerMeasurements(new WorkerRecorder(collectors, InstantSource.fixed(START)));
        worker.claimed(7, 2_000_000);
        worker.claimed(0, 1_000_000);

        assertThat(batches("submission")).isEqualTo(3);
        assertThat(batches("outcome")).isEqualTo(20);
        assertThat(batches("claim")).isEqualTo(7);
        assertThat(collectors.registry().getSampleValue("trayb_job_claim_seconds_count"))
                .isEqualTo(2);
        assertThat(collectors.registry().getSampleValue("trayb_job_claim_seconds_sum"))
                .isEqualTo(0.003);
    }

    private double batches(String batch) {
        Double sum = collectors
                .registry()
                .getSampleValue("trayb_job_batch_size_sum", new String[] {"batch"}, new String[] {batch});
        return sum == null ? 0 : sum;
    }

    @Test
    void a_worker_that_reports_sets_the_time_of_the_last_report() {
        WorkerMeasurements worker = new WorkerMeasurements(new WorkerRecorder(collectors, InstantSource.fixed(START)));
        worker.slots(2, 4);
        worker.handlerAbandoned();
        worker.beat();
        assertThat(collectors.registry().getSampleValue("trayb_worker_slots_busy"))
                .isEqualTo(2);
        assertThat(collectors.registry().getSampleValue("trayb_worker_abandoned_handlers_total"))
                .isEqualTo(1);
        assertThat(collectors.registry().getSampleValue("trayb_worker_last_heartbeat_timestamp_seconds"))
                .isEqualTo((double) START.getEpochSecond());
    }
}
