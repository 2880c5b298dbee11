package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.observationsPerSecondBy;
import static io.trayb.monitoring.promql.PromQl.quantile;
import static io.trayb.monitoring.promql.PromQl.quantileBy;

import io.trayb.monitoring.alert.BurnWindows;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Window;
import java.util.List;

/** The API: how quick, how much, how well. */
final class ApiDashboard {
    static final Dashboard DASHBOARD = new Dashboard(
            "trayb-api",
            "Trayb: API",
            "How quick the API is, how much it is asked, and what it answers.",
            List.of(
                    overTime("Latency", Unit.SECONDS, "Percentiles over all calls; streams and long polls left out.")
                            .with("p50", quantile(0.5, HttpMetrics.REQUEST_DURATION, Window.ofPanel()))
                            .with("p95", quantile(0.95, HttpMetrics.REQUEST_DURATION, Window.ofPanel()))
                            .with("p99", quantile(0.99, HttpMetrics.REQUEST_DURATION, Window.ofPanel()))
                            .withLine(TraybThresholds.API_LATENCY),
                    overTime("Latency by call", Unit.SECONDS, "95th percentile of each route and method.")
                            .with(
                                    "{{method}} {{route}}",
                                    quantileBy(
                                            0.95,
                                            HttpMetrics.REQUEST_DURATION,
                                            Window.ofPanel(),
                                            List.of(HttpMetrics.METHOD, HttpMetrics.ROUTE)))
                            .withLine(TraybThresholds.API_LATENCY),
                    overTime("Requests by call", Unit.REQUESTS_PER_SECOND, "How often each call is made.")
                            .with(
                                    "{{method}} {{route}}",
                                    observationsPerSecondBy(
                                            HttpMetrics.REQUEST_DURATION,
                                            Window.ofPanel(),
                                            List.of(HttpMetrics.METHOD, HttpMetrics.ROUTE))),
                    overTime("Answers by status", Unit.REQUESTS_PER_SECOND, "4xx is the client's doing, 5xx is ours.")
                            .with(
                                    "{{status}}",
                                    observationsPerSecondBy(
                                            HttpMetrics.REQUEST_DURATION,
                                            Window.ofPanel(),
                                            List.of(HttpMetrics.STATUS))),
                    overTime("Failed requests", Unit.SHARE, "Of all requests, over an hour and over three days.")
                            .with("1h", ApiObjectives.AVAILABILITY.share(BurnWindows.HOUR.longWindow()))
                            .with("3d", ApiObjectives.AVAILABILITY.share(BurnWindows.THREE_DAYS.longWindow()))
                            .withLine(TraybThresholds.API_ERROR_BUDGET),
                    overTime(
                                    "Slow requests",
                                    Unit.SHARE,
                                    "Of those that were served, over an hour and over three days.")
                            .with("1h", ApiObjectives.LATENCY.share(BurnWindows.HOUR.longWindow()))
                            .with("3d", ApiObjectives.LATENCY.share(BurnWindows.THREE_DAYS.longWindow()))
                            .withLine(TraybThresholds.API_SLOW_BUDGET)));

    private ApiDashboard() {}
}
