package io.trayb.monitoring.catalog;

import io.trayb.monitoring.alert.Inhibition;
import java.util.List;

/** What isn't told while something else that causes it already is. */
final class Inhibitions {
    private Inhibitions() {}

    static List<Inhibition> all() {
        return List.of(
                new Inhibition(
                        DependencyAlerts.POSTGRES,
                        List.of(
                                ApiAlerts.LATENCY,
                                ApiAlerts.FAILING_FAST,
                                ApiAlerts.FAILING_SLOWLY,
                                ApiAlerts.SLOW_FAST,
                                ApiAlerts.SLOW_SLOWLY,
                                JobAlerts.BACKLOG,
                                JobAlerts.OLDEST_WAITING,
                                JobAlerts.FAILURES,
                                JobAlerts.WORKER_HEARTBEAT,
                                DependencyAlerts.QUEUE,
                                DependencyAlerts.POOL_EXHAUSTED,
                                PgBouncerMetrics.WAITING),
                        "Without Postgres no job is taken, run or finished, and most requests fail."),
                new Inhibition(
                        DependencyAlerts.REDIS,
                        List.of(EventAlerts.DROPS),
                        "Without Redis there is no event log to read from."),
                new Inhibition(
                        ApiAlerts.FAILING_FAST, List.of(ApiAlerts.FAILING_SLOWLY), "What burns fast burns slowly too."),
                new Inhibition(
                        ApiAlerts.SLOW_FAST,
                        List.of(ApiAlerts.SLOW_SLOWLY, ApiAlerts.LATENCY),
                        "What burns fast burns slowly too, and shows in the percentile."),
                new Inhibition(
                        JobAlerts.WORKER_HEARTBEAT,
                        List.of(JobAlerts.BACKLOG, JobAlerts.OLDEST_WAITING),
                        "Nobody works jobs off, so that they pile up."),
                new Inhibition(
                        JobAlerts.UNKNOWN_TYPES,
                        List.of(JobAlerts.OLDEST_WAITING),
                        "Jobs of a type that nobody knows grow old."),
                new Inhibition(
                        JobAlerts.OLDEST_TRANSACTION,
                        List.of(JobAlerts.DEAD_ROWS),
                        "Vacuum waits for the transaction to end."),
                new Inhibition(
                        MonitoringAlerts.RULES_DRIFTED,
                        List.of(MonitoringAlerts.RULES_DIFFER),
                        "Rules of another build differ one by one as well."));
    }
}
