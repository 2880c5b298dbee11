package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.gauge;

import io.trayb.monitoring.alert.Alert;
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

    private DependencyAlerts() {}

    static List<Alert> all() {
        return List.of(REDIS, POSTGRES);
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
