package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.constant;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;
import static io.trayb.monitoring.promql.PromQl.meanBy;
import static io.trayb.monitoring.promql.PromQl.perSecond;
import static io.trayb.monitoring.promql.PromQl.perSecondBy;
import static io.trayb.monitoring.promql.PromQl.quantile;
import static io.trayb.monitoring.promql.PromQl.quantileBy;
import static io.trayb.monitoring.promql.PromQl.total;
import static io.trayb.monitoring.promql.PromQl.totalBy;

import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Window;
import java.util.List;

/** Jobs: what waits, what runs, what fails, and who works. */
final class JobsDashboard {
    private static final List<Label> BY_QUEUE = List.of(JobMetrics.QUEUE);

    static final Dashboard DASHBOARD = new Dashboard(
            "trayb-jobs",
            "Trayb: jobs",
            "What waits, what runs, what fails, and who works.",
            List.of(
                    overTime("Waiting", Unit.COUNT, "Ready to run, by queue and over all; the alert watches the total.")
                            .with("{{queue}}", totalBy(JobMetrics.WAITING, BY_QUEUE))
                            .with("all queues", total(JobMetrics.WAITING))
                            .withLine(TraybThresholds.JOB_BACKLOG),
                    overTime("Oldest waiting job", Unit.SECONDS, "How long it has been ready to run, by queue.")
                            .with("{{queue}}", totalBy(JobMetrics.OLDEST_WAITING, BY_QUEUE))
                            .withLine(TraybThresholds.OLDEST_WAITING),
                    overTime("Running and delayed", Unit.COUNT, "Over all queues; failed jobs are kept for replay.")
                            .with("running", total(JobMetrics.ACTIVE))
                            .with("delayed", total(JobMetrics.DELAYED))
                            .with("failed, kept", total(JobMetrics.FAILED_STOCK)),
                    overTime("Failed for good", Unit.PER_MINUTE, "After all attempts, within the last minute.")
                            .with("failed", inLastMinute(JobMetrics.FAILED).or(constant(0)))
                            .withLine(TraybThresholds.JOB_FAILURES),
                    throughput(),
                    troubles(),
                    overTime("Run time", Unit.SECONDS, "Percentiles of an attempt's run time, by type.")
                            .with(
                                    "p95 {{type}}",
                                    quantileBy(0.95, JobMetrics.DURATION, Window.ofPanel(), List.of(JobMetrics.TYPE))),
                    overTime("Wait", Unit.SECONDS, "Percentiles of the time between ready and started.")
                            .with("p50", quantile(0.5, JobMetrics.WAIT, Window.ofPanel()))
                            .with("p95", quantile(0.95, JobMetrics.WAIT, Window.ofPanel())),
                    overTime(
                                    "Slots",
                                    Unit.COUNT,
                                    "Jobs that may run at once in the service's own processes, and those that do.")
                            .with("slots", total(WorkerMetrics.SLOTS))
                            .with("busy", total(WorkerMetrics.SLOTS_BUSY)),
                    overTime("Last report of a worker", Unit.SECONDS, "How long ago any worker last reported.")
                            .with("age", age(total(WorkerMetrics.LAST_HEARTBEAT)))
                            .withLine(TraybThresholds.WORKER_HEARTBEAT),
                    overTime("Schedules", Unit.PER_SECOND, "Ticks of schedules, by what came of them.")
                            .with(
                                    "{{result}}",
                                    perSecondBy(
                                            ScheduleMetrics.TICKS, Window.ofPanel(), List.of(ScheduleMetrics.RESULT))),
                    overTime(
                                    "Schedule lag",
                                    Unit.SECONDS,
                                    "How long after their time the jobs of schedules were submitted.")
                            .with("p50", quantile(0.5, ScheduleMetrics.LAG, Window.ofPanel()))
                            .with("p95", quantile(0.95, ScheduleMetrics.LAG, Window.ofPanel())),
                    overTime(
                                    "Unknown types",
                                    Unit.COUNT,
                                    "Jobs that wait for somebody who knows their type, by queue and type.")
                            .with(
                                    "{{queue}}: {{type}}",
                                    totalBy(JobMetrics.UNKNOWN_TYPE, List.of(JobMetrics.QUEUE, JobMetrics.TYPE))),
                    overTime("Claims", Unit.SECONDS, "Percentiles of the time that a claim takes.")
                            .with("p50", quantile(0.5, JobMetrics.CLAIM_TIME, Window.ofPanel()))
                            .with("p95", quantile(0.95, JobMetrics.CLAIM_TIME, Window.ofPanel())),
                    overTime("Batches", Unit.COUNT, "Jobs of one transaction: the mean, by what it did.")
                            .with(
                                    "{{batch}}",
                                    meanBy(JobMetrics.BATCH_SIZE, Window.ofPanel(), List.of(JobMetrics.BATCH))),
                    overTime(
                                    "Dead rows",
                                    Unit.COUNT,
                                    "In the table of unfinished jobs. What rises and doesn't fall is held by an old transaction.")
                            .with("dead rows", total(JobMetrics.DEAD_ROWS))
                            .withLine(TraybThresholds.DEAD_ROWS),
                    overTime(
                                    "Oldest transaction",
                                    Unit.SECONDS,
                                    "For how long it has been open; until it ends, no dead row can be vacuumed away.")
                            .with("age", total(JobMetrics.OLDEST_TRANSACTION))
                            .withLine(TraybThresholds.OLDEST_TRANSACTION)));

    private JobsDashboard() {}

    private static Panel throughput() {
        return overTime("Throughput", Unit.PER_SECOND, "Accepted, completed and cancelled jobs.")
                .with("submitted", perSecond(JobMetrics.SUBMITTED, Window.ofPanel()))
                .with("completed", perSecond(JobMetrics.COMPLETED, Window.ofPanel()))
                .with("cancelled", perSecond(JobMetrics.CANCELLED, Window.ofPanel()));
    }

    private static Panel troubles() {
        return overTime("Troubles", Unit.PER_SECOND, "What goes wrong before a job fails for good.")
                .with("attempts failed", perSecond(JobMetrics.ATTEMPTS_FAILED, Window.ofPanel()))
                .with("retries planned", perSecond(JobMetrics.RETRIED, Window.ofPanel()))
                .with("timed out", perSecond(JobMetrics.TIMED_OUT, Window.ofPanel()))
                .with("stalled", perSecond(JobMetrics.STALLED, Window.ofPanel()))
                .with("outcomes refused", perSecond(JobMetrics.LEASE_CONFLICTS, Window.ofPanel()))
                .with("handlers abandoned", perSecond(WorkerMetrics.ABANDONED, Window.ofPanel()));
    }
}
