package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
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
            "Outcomes that were refused, since whoever brought them no longer held the job's lease.",
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

    private JobMetrics() {}
}
