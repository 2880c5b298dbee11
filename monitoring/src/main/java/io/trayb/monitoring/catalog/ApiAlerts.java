package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.observationsPerSecond;
import static io.trayb.monitoring.promql.PromQl.quantile;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.BurnRate;
import io.trayb.monitoring.alert.BurnWindows;
import io.trayb.monitoring.alert.Pace;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.SlowQuantile;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.catalog.ApiObjectives.Objective;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.promql.PromDuration;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.promql.Window;
import io.trayb.monitoring.threshold.Threshold;
import java.util.List;
import java.util.Map;

/** Alerts on the API. */
final class ApiAlerts {
    static final Alert LATENCY = alert("TraybApiLatencyHigh")
            .in(Area.API)
            .when(
                    quantile(
                                    0.95,
                                    HttpMetrics.REQUEST_DURATION,
                                    Window.of(TraybThresholds.API_LATENCY),
                                    ApiRoutes.ANSWERED_AT_ONCE)
                            .above(TraybThresholds.API_LATENCY)
                            .and(observationsPerSecond(
                                            HttpMetrics.REQUEST_DURATION,
                                            Window.of(TraybThresholds.API_LEAST_TRAFFIC),
                                            ApiRoutes.ANSWERED_AT_ONCE)
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
                    HttpMetrics.OPEN_ENDED_ROUTES.stream()
                            .map(route -> Map.of("method", "GET", "route", route, "status", "200"))
                            .toList()))
            .build();

    static final Alert FAILING_FAST = burning(
            "TraybApiErrorBudgetBurnsFast",
            ApiObjectives.AVAILABILITY,
            TraybThresholds.API_ERROR_BUDGET,
            ApiObjectives.FAST,
            Severity.CRITICAL,
            "Many API requests fail.",
            "Of all API requests within hours, a share of {{value}} failed. At this pace a month's allowance of {{threshold}}"
                    + " is gone within days.",
            ApiRequests.FAILING);

    static final Alert FAILING_SLOWLY = burning(
            "TraybApiErrorBudgetBurnsSlowly",
            ApiObjectives.AVAILABILITY,
            TraybThresholds.API_ERROR_BUDGET,
            ApiObjectives.SLOW,
            Severity.WARNING,
            "More API requests fail than the month allows.",
            "Of all API requests within days, a share of {{value}} failed. A month's allowance is {{threshold}}.",
            ApiRequests.FAILING);

    static final Alert SLOW_FAST = burning(
            "TraybApiLatencyBudgetBurnsFast",
            ApiObjectives.LATENCY,
            TraybThresholds.API_SLOW_BUDGET,
            ApiObjectives.FAST,
            Severity.CRITICAL,
            "Many API requests are slow.",
            "Of all API requests within hours, a share of {{value}} was slow. At this pace a month's allowance of"
                    + " {{threshold}} is gone within days.",
            ApiRequests.SLOW);

    static final Alert SLOW_SLOWLY = burning(
            "TraybApiLatencyBudgetBurnsSlowly",
            ApiObjectives.LATENCY,
            TraybThresholds.API_SLOW_BUDGET,
            ApiObjectives.SLOW,
            Severity.WARNING,
            "More API requests are slow than the month allows.",
            "Of all API requests within days, a share of {{value}} was slow. A month's allowance is {{threshold}}.",
            ApiRequests.SLOW);

    private ApiAlerts() {}

    static List<Alert> all() {
        return List.of(LATENCY, FAILING_FAST, FAILING_SLOWLY, SLOW_FAST, SLOW_SLOWLY);
    }

    private static Alert burning(
            String name,
            Objective objective,
            Threshold budget,
            List<BurnWindows> pairs,
            Severity severity,
            String summary,
            String description,
            ApiRequests requests) {
        BurnWindows first = pairs.get(0);
        BurnWindows second = pairs.get(1);
        return alert(name)
                .in(Area.API)
                .when(burns(objective, budget, first).or(burns(objective, budget, second)), budget)
                .inWords("more than " + inWords(first) + ", or than " + inWords(second))
                .severity(severity)
                .owner(Team.BACKEND)
                .summary(summary)
                .describes(description)
                .proof(new BurnRate(
                        budget,
                        TraybThresholds.API_OBJECTIVE_LEAST_TRAFFIC,
                        first,
                        second,
                        requests,
                        pairs.equals(ApiObjectives.FAST) ? Pace.MINUTES : Pace.HOURS))
                .build();
    }

    private static Vector burns(Objective objective, Threshold budget, BurnWindows windows) {
        return objective
                .share(windows.longWindow())
                .above(windows.factor(), budget)
                .and(objective.share(windows.shortWindow()).above(windows.factor(), budget))
                .and(objective.traffic(windows.longWindow()).above(TraybThresholds.API_OBJECTIVE_LEAST_TRAFFIC));
    }

    private static String inWords(BurnWindows windows) {
        return Decimal.plain(windows.factor()) + " times {{threshold}} over " + PromDuration.of(windows.longWindow())
                + " and over " + PromDuration.of(windows.shortWindow());
    }
}
