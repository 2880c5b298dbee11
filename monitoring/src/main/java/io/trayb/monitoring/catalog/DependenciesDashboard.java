package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.catalog.DependencyMetrics.CACHE_REQUESTS;
import static io.trayb.monitoring.catalog.DependencyMetrics.DEPENDENCY;
import static io.trayb.monitoring.catalog.DependencyMetrics.LAST_SUCCESS;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.perSecond;
import static io.trayb.monitoring.promql.PromQl.perSecondBy;
import static io.trayb.monitoring.promql.PromQl.total;
import static io.trayb.monitoring.promql.PromQl.totalBy;

import io.trayb.monitoring.catalog.DependencyMetrics.Dependency;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Window;
import java.util.List;

/** Redis, Postgres and the way to them. */
final class DependenciesDashboard {
    static final Dashboard DASHBOARD = new Dashboard(
            "trayb-dependencies",
            "Trayb: dependencies",
            "Redis, Postgres, PgBouncer, and the way to them. Those of the exporters say so; PgBouncer's need PGBOUNCER_URL.",
            List.of(
                    heartbeat("Postgres: last answer", Dependency.POSTGRES)
                            .withLine(TraybThresholds.POSTGRES_HEARTBEAT),
                    heartbeat("Redis: last answer", Dependency.REDIS).withLine(TraybThresholds.REDIS_HEARTBEAT),
                    heartbeat("Queue: last sign of life", Dependency.QUEUE).withLine(TraybThresholds.QUEUE_HEARTBEAT),
                    overTime("Answering", Unit.COUNT, "Instances for which each dependency answers.")
                            .with("{{dependency}}", totalBy(DependencyMetrics.UP, List.of(DEPENDENCY))),
                    overTime("Probe latency", Unit.SECONDS, "The slowest instance's last probe of each dependency.")
                            .with("{{dependency}}", totalBy(DependencyMetrics.LATENCY, List.of(DEPENDENCY))),
                    overTime("Connections to Postgres", Unit.COUNT, "Over the pools of all instances.")
                            .with("{{state}}", totalBy(DependencyMetrics.CONNECTIONS, List.of(DependencyMetrics.STATE)))
                            .with("most allowed", total(DependencyMetrics.CONNECTIONS_MAX))
                            .with("threads waiting", total(DependencyMetrics.CONNECTION_WAITERS)),
                    overTime("Cache", Unit.PER_SECOND, "Look-ups by what is cached and how they ended.")
                            .with(
                                    "{{cache}} {{result}}",
                                    perSecondBy(
                                            CACHE_REQUESTS,
                                            Window.ofPanel(),
                                            List.of(DependencyMetrics.CACHE, DependencyMetrics.RESULT))),
                    overTime("Redis: memory", Unit.BYTES, "From redis_exporter.")
                            .with("used", total(ForeignMetrics.REDIS_MEMORY)),
                    overTime(
                                    "Redis: evictions",
                                    Unit.PER_SECOND,
                                    "Keys thrown out for lack of memory. From redis_exporter.")
                            .with("evicted", perSecond(ForeignMetrics.REDIS_EVICTED, Window.ofPanel())),
                    overTime("Postgres: sessions", Unit.COUNT, "By what they do. From postgres_exporter.")
                            .with(
                                    "{{state}}",
                                    totalBy(
                                            ForeignMetrics.POSTGRES_SESSIONS,
                                            ForeignMetrics.POSTGRES_SESSIONS.labels()))));

    private DependenciesDashboard() {}

    private static Panel heartbeat(String title, Dependency dependency) {
        return overTime(title, Unit.SECONDS, "How long ago the last probe of each instance went well.")
                .with("{{instance}}", age(gauge(LAST_SUCCESS, Matcher.is(DEPENDENCY.name(), dependency))));
    }
}
