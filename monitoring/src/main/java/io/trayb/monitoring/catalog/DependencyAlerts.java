package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.gauge;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Apart;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.OverdueInstance;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.catalog.DependencyMetrics.Dependency;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.threshold.Threshold;
import java.util.List;
import java.util.Map;

/** Alerts on what the service stands on. Each names the instance: the fault may lie between one of them and the dependency. */
final class DependencyAlerts {
    static final Alert REDIS = alert("TraybRedisHeartbeatMissing")
            .in(Area.DEPENDENCIES)
            .whenAbove(sinceSuccess(Dependency.REDIS), TraybThresholds.REDIS_HEARTBEAT)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("Redis doesn't answer.")
            .describes(
                    "{{labels.instance}} has had no answer from Redis for {{value}}, more than {{threshold}}. Jobs go on;"
                            + " event streams stand still.")
            .proof(overdue(Dependency.REDIS, TraybThresholds.REDIS_HEARTBEAT))
            .build();

    static final Alert POSTGRES = alert("TraybPostgresHeartbeatMissing")
            .in(Area.DEPENDENCIES)
            .whenAbove(sinceSuccess(Dependency.POSTGRES), TraybThresholds.POSTGRES_HEARTBEAT)
            .severity(Severity.CRITICAL)
            .owner(Team.PLATFORM)
            .summary("Postgres doesn't answer.")
            .describes(
                    "{{labels.instance}} has had no answer from Postgres, or from PgBouncer before it, for {{value}},"
                            + " more than {{threshold}}. No job is accepted or run there.")
            .proof(overdue(Dependency.POSTGRES, TraybThresholds.POSTGRES_HEARTBEAT))
            .build();

    static final Alert QUEUE = alert("TraybQueueHeartbeatMissing")
            .in(Area.DEPENDENCIES)
            .whenAbove(sinceSuccess(Dependency.QUEUE), TraybThresholds.QUEUE_HEARTBEAT)
            .severity(Severity.CRITICAL)
            .owner(Team.BACKEND)
            .summary("A thread that jobs need has ended or hangs.")
            .describes(
                    "The queue of {{labels.instance}} has shown no sign of life for {{value}}, more than {{threshold}}:"
                            + " this process runs no jobs, or writes no outcomes.")
            .proof(overdue(Dependency.QUEUE, TraybThresholds.QUEUE_HEARTBEAT))
            .build();

    static final Alert POOL_EXHAUSTED = alert("TraybDatabasePoolExhausted")
            .in(Area.DEPENDENCIES)
            .when(gauge(DependencyMetrics.CONNECTION_WAITERS).above(0))
            .lasting(TraybThresholds.POOL_EXHAUSTED)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("Threads wait for connections to Postgres.")
            .describes(
                    "{{value}} threads of {{labels.instance}} wait for a connection to Postgres, and some have at every"
                            + " scrape for {{window}}. Requests that wait too long are refused.")
            .proof(Apart.aboveZero(DependencyMetrics.CONNECTION_WAITERS, TraybThresholds.POOL_EXHAUSTED))
            .build();

    private DependencyAlerts() {}

    static List<Alert> all() {
        return List.of(REDIS, POSTGRES, QUEUE, POOL_EXHAUSTED);
    }

    private static Vector sinceSuccess(Dependency dependency) {
        return age(gauge(DependencyMetrics.LAST_SUCCESS, Matcher.is(DependencyMetrics.DEPENDENCY.name(), dependency)));
    }

    private static OverdueInstance overdue(Dependency dependency, Threshold threshold) {
        return new OverdueInstance(
                DependencyMetrics.LAST_SUCCESS,
                Map.of(DependencyMetrics.DEPENDENCY.name(), dependency.label()),
                threshold);
    }
}
