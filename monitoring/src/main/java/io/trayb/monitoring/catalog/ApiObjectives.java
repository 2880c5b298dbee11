package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.promql.PromQl.average;
import static io.trayb.monitoring.promql.PromQl.observationsPerSecond;
import static io.trayb.monitoring.promql.PromQl.observationsUpTo;
import static io.trayb.monitoring.promql.PromQl.recorded;

import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.BurnWindows;
import io.trayb.monitoring.alert.RecordingRule;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.PromDuration;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.promql.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the API promises: that requests succeed, and that they are quick. How many do neither is recorded over five minutes, as
 * one series each; longer windows average those, which costs Prometheus next to nothing.
 */
final class ApiObjectives {
    /** The rates are taken over this, and no share looks back over less. */
    static final Duration BASE = Duration.ofMinutes(5);

    static final List<BurnWindows> FAST = List.of(BurnWindows.HOUR, BurnWindows.SIX_HOURS);
    static final List<BurnWindows> SLOW = List.of(BurnWindows.DAY, BurnWindows.THREE_DAYS);

    private static final Matcher BY_THE_SERVER = Matcher.matches(HttpMetrics.STATUS.name(), "5..");
    private static final Matcher NOT_BY_THE_SERVER = Matcher.matchesNot(HttpMetrics.STATUS.name(), "5..");
    private static final Window WINDOW = Window.of(BASE);

    private static final RecordingRule REQUESTS = rate(
            "trayb:api_requests:rate5m",
            observationsPerSecond(HttpMetrics.REQUEST_DURATION, WINDOW, ApiRoutes.ANSWERED_AT_ONCE),
            "API requests per second.");
    /** Zero, and not nothing, while there are requests and none of them fails. */
    private static final RecordingRule FAILED = rate(
            "trayb:api_requests_failed:rate5m",
            observationsPerSecond(HttpMetrics.REQUEST_DURATION, WINDOW, ApiRoutes.answeredAtOnce(BY_THE_SERVER))
                    .or(recorded(REQUESTS.name()).times(0)),
            "API requests per second that the service failed to serve.");
    /** Those that failed are left out: they are counted against the other objective. */
    private static final RecordingRule SERVED = rate(
            "trayb:api_requests_served:rate5m",
            observationsPerSecond(HttpMetrics.REQUEST_DURATION, WINDOW, ApiRoutes.answeredAtOnce(NOT_BY_THE_SERVER)),
            "API requests per second that were served, or refused for a fault of the client's.");

    private static final RecordingRule SLOW_ONES = rate(
            "trayb:api_requests_slow:rate5m",
            recorded(SERVED.name())
                    .minus(observationsUpTo(
                            TraybThresholds.API_SLOW,
                            HttpMetrics.REQUEST_DURATION,
                            WINDOW,
                            ApiRoutes.answeredAtOnce(NOT_BY_THE_SERVER))),
            "API requests per second that were served, but slowly.");

    /** That requests succeed. */
    static final Objective AVAILABILITY = new Objective("trayb:api_requests_failed:ratio_rate", FAILED, REQUESTS);

    /** That requests which succeed are quick. */
    static final Objective LATENCY = new Objective("trayb:api_requests_slow:ratio_rate", SLOW_ONES, SERVED);

    private ApiObjectives() {}

    static List<RecordingRule> recordings() {
        List<RecordingRule> all = new ArrayList<>(List.of(REQUESTS, FAILED, SERVED, SLOW_ONES));
        Stream.of(AVAILABILITY, LATENCY).map(Objective::recordings).forEach(all::addAll);
        return List.copyOf(all);
    }

    private static RecordingRule rate(String name, Vector expression, String help) {
        return new RecordingRule(name, Area.API, expression, Map.of(), help);
    }

    /**
     * A promise about requests.
     *
     * @param prefix of the recorded shares' names; the window follows
     * @param bad those that break it, per second
     * @param all those that it is about, per second
     */
    record Objective(String prefix, RecordingRule bad, RecordingRule all) {
        /** The share of bad requests over a window; there is none while nobody asks anything. */
        Vector.Selected share(Duration window) {
            return recorded(prefix + PromDuration.of(window));
        }

        /** Requests per second, good and bad, over a window. */
        Vector traffic(Duration window) {
            return average(recorded(all.name()), Window.of(window));
        }

        private List<RecordingRule> recordings() {
            return Stream.concat(FAST.stream(), SLOW.stream())
                    .flatMap(pair -> Stream.of(pair.shortWindow(), pair.longWindow()))
                    .distinct()
                    .sorted()
                    .map(this::recording)
                    .toList();
        }

        private RecordingRule recording(Duration window) {
            return new RecordingRule(
                    prefix + PromDuration.of(window),
                    Area.API,
                    over(bad, window).dividedBy(over(all, window).above(0)),
                    Map.of(),
                    "The share of bad ones over " + PromDuration.of(window) + ".");
        }

        private static Vector over(RecordingRule rate, Duration window) {
            Vector.Selected recorded = recorded(rate.name());
            return window.equals(BASE) ? recorded : average(recorded, Window.of(window));
        }
    }
}
