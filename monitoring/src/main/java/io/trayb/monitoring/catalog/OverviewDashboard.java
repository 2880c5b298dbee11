package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.dashboard.Panel.now;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.constant;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;
import static io.trayb.monitoring.promql.PromQl.quantile;
import static io.trayb.monitoring.promql.PromQl.total;
import static io.trayb.monitoring.promql.PromQl.totalBy;

import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.promql.Window;
import java.util.List;

/** What one looks at first: is it well, and if not, where. */
final class OverviewDashboard {
    static final Dashboard DASHBOARD = new Dashboard(
            "trayb-overview",
            "Trayb: overview",
            "Is it well, and if not, where? Each part has a dashboard of its own.",
            List.of(
                    now("Processes up", Unit.COUNT, "Instances that Prometheus reaches.")
                            .with("up", total(Scrape.UP)),
                    now("Jobs waiting", Unit.COUNT, "Over all queues.")
                            .with("waiting", total(JobMetrics.WAITING))
                            .withLine(TraybThresholds.JOB_BACKLOG),
                    now("Jobs failed", Unit.PER_MINUTE, "For good, within the last minute.")
                            .with("failed", inLastMinute(JobMetrics.FAILED).or(constant(0)))
                            .withLine(TraybThresholds.JOB_FAILURES),
                    now("Events dropped", Unit.PER_MINUTE, "Over all connections, within the last minute.")
                            .with("dropped", inLastMinute(EventMetrics.DROPPED).or(constant(0)))
                            .withLine(TraybThresholds.SSE_DROPS),
                    latency(),
                    overTime("Throughput", Unit.PER_SECOND, "Jobs that were accepted and that were completed.")
                            .with("submitted", PromQl.perSecond(JobMetrics.SUBMITTED, Window.ofPanel()))
                            .with("completed", PromQl.perSecond(JobMetrics.COMPLETED, Window.ofPanel())),
                    overTime("Dependencies", Unit.COUNT, "Instances for which each dependency answers.")
                            .with(
                                    "{{dependency}}",
                                    totalBy(DependencyMetrics.UP, List.of(DependencyMetrics.DEPENDENCY))),
                    overTime("Last report of a worker", Unit.SECONDS, "How long ago any worker last reported.")
                            .with("age", age(total(WorkerMetrics.LAST_HEARTBEAT)))
                            .withLine(TraybThresholds.WORKER_HEARTBEAT)));

    private OverviewDashboard() {}

    private static Panel latency() {
        return overTime("API latency", Unit.SECONDS, "Percentiles of API requests; streams and long polls left out.")
                .with("p50", quantile(0.5, HttpMetrics.REQUEST_DURATION, Window.ofPanel(), ApiRoutes.ANSWERED_AT_ONCE))
                .with("p95", quantile(0.95, HttpMetrics.REQUEST_DURATION, Window.ofPanel(), ApiRoutes.ANSWERED_AT_ONCE))
                .withLine(TraybThresholds.API_LATENCY);
    }
}
