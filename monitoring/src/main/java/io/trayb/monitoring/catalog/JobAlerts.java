package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;
import static io.trayb.monitoring.promql.PromQl.total;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.AroundThreshold;
import io.trayb.monitoring.alert.Case;
import io.trayb.monitoring.alert.CounterEdges;
import io.trayb.monitoring.alert.Proof;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.alert.TestSeries;
import java.util.List;
import java.util.Map;

/** Alerts on jobs and on what runs them. */
final class JobAlerts {
    static final Alert BACKLOG = alert("TraybJobBacklog")
            .in(Area.JOBS)
            .whenAbove(total(JobMetrics.WAITING), TraybThresholds.JOB_BACKLOG)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("Jobs are piling up.")
            .describes(
                    "{{value}} jobs are waiting over all queues, and more than {{threshold}} have been for {{window}}:"
                            + " they come in faster than workers take them.")
            .proof(new AroundThreshold(
                    TraybThresholds.JOB_BACKLOG, 1, Stimulus.standsAt(JobMetrics.WAITING, JobMetrics.QUEUE)))
            .build();

    static final Alert FAILURES = alert("TraybJobFailures")
            .in(Area.JOBS)
            .whenAbove(inLastMinute(JobMetrics.FAILED), TraybThresholds.JOB_FAILURES)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("Jobs are failing for good.")
            .describes("Jobs are failing for good at {{value}}; more than {{threshold}} is seldom chance.")
            .proof(new AroundThreshold(TraybThresholds.JOB_FAILURES, 1, Stimulus.growsPerMinute(JobMetrics.FAILED))
                    .and(new CounterEdges(JobMetrics.FAILED, TraybThresholds.JOB_FAILURES)))
            .build();

    static final Alert WORKER_HEARTBEAT = alert("TraybWorkerHeartbeatMissing")
            .in(Area.JOBS)
            .when(
                    age(total(WorkerMetrics.LAST_HEARTBEAT))
                            .above(TraybThresholds.WORKER_HEARTBEAT)
                            .and(total(JobMetrics.WAITING).above(0)),
                    TraybThresholds.WORKER_HEARTBEAT)
            .severity(Severity.CRITICAL)
            .owner(Team.BACKEND)
            .summary("No worker reports, and jobs wait.")
            .describes("The last report of any worker is {{value}} old, more than {{threshold}}, and jobs are waiting:"
                    + " nobody is working them off.")
            .proof(workerProof())
            .build();

    private JobAlerts() {}

    static List<Alert> all() {
        return List.of(BACKLOG, FAILURES, WORKER_HEARTBEAT);
    }

    private static Proof workerProof() {
        long askedAt = AroundThreshold.ASKED_AT.toSeconds();
        Stimulus overdue = Stimulus.isOld(WorkerMetrics.LAST_HEARTBEAT, askedAt, Map.of());
        Proof whileJobsWait = new AroundThreshold(TraybThresholds.WORKER_HEARTBEAT, 1, overdue.beside(waiting(1)));
        Proof whileNoneWaits = thresholds -> {
            double limit = thresholds.value(TraybThresholds.WORKER_HEARTBEAT);
            return List.of(new Case(
                    "stays quiet while no job waits",
                    overdue.beside(waiting(0)).series(limit + 1, 1),
                    AroundThreshold.ASKED_AT,
                    List.of()));
        };
        return whileJobsWait.and(whileNoneWaits);
    }

    private static TestSeries waiting(double jobs) {
        return TestSeries.of(
                JobMetrics.WAITING.name(),
                Stimulus.instance(1),
                Map.of(JobMetrics.QUEUE.name(), "billing"),
                Stimulus.constant(jobs));
    }
}
