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
                        List.of(ApiAlerts.LATENCY, JobAlerts.BACKLOG, JobAlerts.FAILURES, JobAlerts.WORKER_HEARTBEAT),
                        "Without Postgres no job is taken, run or finished."),
                new Inhibition(
                        DependencyAlerts.REDIS,
                        List.of(EventAlerts.DROPS),
                        "Without Redis there is no event log to read from."));
    }
}
