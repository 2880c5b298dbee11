package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.observationsPerSecond;
import static io.trayb.monitoring.promql.PromQl.quantile;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.SlowQuantile;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Window;
import java.util.List;
import java.util.Map;

/** Alerts on the API. */
final class ApiAlerts {
    /** The service doesn't time these routes; an older one that still did must not be alerted on either. */
    static final Matcher[] ANSWERED_AT_ONCE = HttpMetrics.OPEN_ENDED_ROUTES.stream()
            .map(route -> Matcher.isNot(HttpMetrics.ROUTE.name(), route))
            .toArray(Matcher[]::new);

    static final Alert LATENCY = alert("TraybApiLatencyHigh")
            .in(Area.API)
            .when(
                    quantile(
                                    0.95,
                                    HttpMetrics.REQUEST_DURATION,
                                    Window.of(TraybThresholds.API_LATENCY),
                                    ANSWERED_AT_ONCE)
                            .above(TraybThresholds.API_LATENCY)
                            .and(observationsPerSecond(
                                            HttpMetrics.REQUEST_DURATION,
                                            Window.of(TraybThresholds.API_LEAST_TRAFFIC),
                                            ANSWERED_AT_ONCE)
                                    .above(TraybThresholds.API_LEAST_TRAFFIC)),
                    TraybThresholds.API_LATENCY)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("API requests are slow.")
            .describes("The 95th percentile of API requests over {{window}} is {{value}}; more than {{threshold}} is"
                    + " felt by everybody who waits for an answer.")
            .proof(new SlowQuantile(
                    HttpMetrics.REQUEST_DURATION,
                    TraybThresholds.API_LATENCY,
                    TraybThresholds.API_LEAST_TRAFFIC,
                    Map.of("method", "GET", "route", "/api/v1/jobs/{id}", "status", "200"),
                    Map.of("method", "GET", "route", "/api/v1/events/poll", "status", "200")))
            .build();

    private ApiAlerts() {}

    static List<Alert> all() {
        return List.of(LATENCY);
    }
}
