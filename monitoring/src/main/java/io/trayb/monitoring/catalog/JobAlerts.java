package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;
import static io.trayb.monitoring.promql.PromQl.total;
import static io.trayb.monitoring.promql.PromQl.totalBy;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Apart;
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
            .proof(new AroundThreshold(TraybThresholds.JOB_FAILURES, 0.25, Stimulus.growsPerMinute(JobMetrics.FAILED))
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

    static final Alert OLDEST_WAITING = alert("TraybJobOldestWaiting")
            .in(Area.JOBS)
            .whenAbove(totalBy(JobMetrics.OLDEST_WAITING, List.of(JobMetrics.QUEUE)), TraybThresholds.OLDEST_WAITING)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("A job has waited for long.")
            .describes(
                    "In the queue {{labels.queue}} a job has been ready to run for {{value}}, more than {{threshold}}.")
            .proof(Apart.above(JobMetrics.OLDEST_WAITING, TraybThresholds.OLDEST_WAITING))
            .build();

    static final Alert UNKNOWN_TYPES = alert("TraybJobTypeUnknown")
            .in(Area.JOBS)
            .when(totalBy(JobMetrics.UNKNOWN_TYPE, List.of(JobMetrics.QUEUE, JobMetrics.TYPE))
                    .above(0))
            .lasting(TraybThresholds.UNKNOWN_TYPES)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("Jobs wait of a type that nobody knows.")
            .describes(
                    "{{value}} jobs of the type {{labels.type}} wait in the queue {{labels.queue}}, and for {{window}}"
                            + " no process has had a handler for it.")
            .proof(Apart.aboveZero(JobMetrics.UNKNOWN_TYPE, TraybThresholds.UNKNOWN_TYPES))
            .build();

    static final Alert DEAD_ROWS = alert("TraybJobDeadRows")
            .in(Area.JOBS)
            .whenAbove(total(JobMetrics.DEAD_ROWS), TraybThresholds.DEAD_ROWS)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("Vacuum doesn't keep up with the table of jobs.")
            .describes(
                    "The table of unfinished jobs has held {{value}} dead rows, more than {{threshold}}, for {{window}}."
                            + " Claims get slower with each.")
            .proof(new AroundThreshold(TraybThresholds.DEAD_ROWS, 1, Stimulus.isAt(JobMetrics.DEAD_ROWS)))
            .build();

    static final Alert OLDEST_TRANSACTION = alert("TraybTransactionOld")
            .in(Area.JOBS)
            .whenAbove(total(JobMetrics.OLDEST_TRANSACTION), TraybThresholds.OLDEST_TRANSACTION)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("A transaction in the database has been open for long.")
            .describes(
                    "The oldest transaction has been open for {{value}}, more than {{threshold}}. Until it ends, vacuum"
                            + " can take no dead row away that it may see.")
            .proof(new AroundThreshold(
                    TraybThresholds.OLDEST_TRANSACTION, 1, Stimulus.isAt(JobMetrics.OLDEST_TRANSACTION)))
            .build();

    private JobAlerts() {}

    static List<Alert> all() {
        return List.of(
                BACKLOG, OLDEST_WAITING, FAILURES, WORKER_HEARTBEAT, UNKNOWN_TYPES, DEAD_ROWS, OLDEST_TRANSACTION);
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
