package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Unit;
import java.util.List;

/** Jobs: how many there are in each state, what became of them, and how long it took. */
public final class JobMetrics {
    /** Chosen by clients; beyond this many, queues are counted together. */
    private static final int CHOSEN_VALUES = 200;

    public static final Label QUEUE = Label.bounded("queue", CHOSEN_VALUES);
    public static final Label TYPE = Label.bounded("type", CHOSEN_VALUES);

    public static final Gauge WAITING = Gauge.sameFact(
                    "trayb_jobs_waiting", Unit.COUNT, "Jobs that are ready to run and wait for a free worker.", QUEUE)
            .alsoKnownAs("trayb_bullmq_waiting_jobs");
    public static final Gauge DELAYED = Gauge.sameFact(
            "trayb_jobs_delayed", Unit.COUNT, "Jobs that wait for their time or for their next attempt.", QUEUE);
    public static final Gauge ACTIVE =
            Gauge.sameFact("trayb_jobs_active", Unit.COUNT, "Jobs that are running now.", QUEUE);
    /** Not {@code trayb_jobs_failed}: in OpenMetrics that is the family of the counter {@link #FAILED}. */
    public static final Gauge FAILED_STOCK = Gauge.sameFact(
            "trayb_jobs_failed_stock", Unit.COUNT, "Failed jobs that are still kept and could be replayed.", QUEUE);

    public static final Gauge OLDEST_WAITING = Gauge.sameFact(
                    "trayb_jobs_oldest_waiting_seconds",
                    Unit.SECONDS,
                    "How long the job that has waited longest has been ready to run.",
                    QUEUE)
            .largestCounts();

    public static final Gauge UNKNOWN_TYPE = Gauge.sameFact(
            "trayb_jobs_unknown_type",
            Unit.COUNT,
            "Jobs that wait and whose type nobody knows: no live process has a handler for it, and no remote worker has asked"
                    + " for it on that queue within ten minutes.",
            QUEUE,
            TYPE);
    public static final Gauge DEAD_ROWS = Gauge.sameFact(
            "trayb_jobs_dead_rows",
            Unit.COUNT,
            "Dead rows in the table of unfinished jobs, by Postgres' estimate; vacuum takes them away, unless an old"
                    + " transaction may still see them.");
    public static final Gauge OLDEST_TRANSACTION = Gauge.sameFact(
                    "trayb_database_oldest_transaction_seconds",
                    Unit.SECONDS,
                    "For how long the oldest transaction in the database has been open; without the role pg_read_all_stats"
                            + " only those of the service's own database user are seen.")
            .largestCounts();

    public static final Counter SUBMITTED =
            Counter.of("trayb_jobs_submitted_total", "Jobs that were accepted.", QUEUE, TYPE);
    public static final Counter COMPLETED =
            Counter.of("trayb_jobs_completed_total", "Jobs that were completed.", QUEUE, TYPE);
    public static final Counter FAILED =
            Counter.of("trayb_jobs_failed_total", "Jobs that failed for good: no attempt is left.", QUEUE, TYPE);
    public static final Counter CANCELLED =
            Counter.of("trayb_jobs_cancelled_total", "Jobs that were cancelled before they finished.", QUEUE, TYPE);
    public static final Counter STALLED = Counter.of(
            "trayb_jobs_stalled_total", "Starts that were lost, since whoever ran the job was gone.", QUEUE, TYPE);
    public static final Counter TIMED_OUT = Counter.of(
            "trayb_jobs_timed_out_total", "Attempts that took longer than the job's own time limit.", QUEUE, TYPE);
    public static final Counter ATTEMPTS_FAILED = Counter.of(
            "trayb_job_attempts_failed_total", "Attempts that failed, whether or not another follows.", QUEUE, TYPE);
    public static final Counter RETRIED =
            Counter.of("trayb_jobs_retried_total", "Failed attempts after which another one was planned.", QUEUE, TYPE);

    public static final Counter LEASE_CONFLICTS = Counter.of(
            "trayb_jobs_lease_conflicts_total",
            "Outcomes that were refused, since whoever brought them no longer held the job's lease; also one that a worker brings again"
                    + " since the answer was lost.",
            QUEUE,
            TYPE);

    public static final Histogram DURATION = Histogram.ofSeconds(
            "trayb_job_duration_seconds",
            "How long attempts ran, however they ended.",
            List.of(0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0),
            QUEUE,
            TYPE);
    public static final Histogram WAIT = Histogram.ofSeconds(
            "trayb_job_wait_seconds",
            "How long jobs were ready to run before they started.",
            List.of(0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0),
            QUEUE,
            TYPE);

    public static final Label BATCH = Label.closed("batch", Batch.class);
    public static final Histogram BATCH_SIZE = Histogram.ofCounts(
            "trayb_job_batch_size",
            "How many jobs one transaction submitted, started or wrote the outcomes of; claims that found nothing are left out.",
            List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0),
            BATCH);
    public static final Histogram CLAIM_TIME = Histogram.ofSeconds(
            "trayb_job_claim_seconds",
            "How long a process' claims took, those that found nothing too.",
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 4.0));

    private JobMetrics() {}

    /** What is done for many jobs in one transaction. */
    public enum Batch implements LabelValue {
        SUBMISSION("submission"),
        CLAIM("claim"),
        OUTCOME("outcome");

        private final String label;

        Batch(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }
}
