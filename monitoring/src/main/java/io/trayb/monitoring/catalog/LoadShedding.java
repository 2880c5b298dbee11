package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.Feature.feature;
import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;
import static io.trayb.monitoring.promql.PromQl.perSecondBy;
import static io.trayb.monitoring.threshold.Timing.immediate;
import static io.trayb.monitoring.threshold.Timing.over;

import io.trayb.monitoring.Feature;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.AroundThreshold;
import io.trayb.monitoring.alert.CounterEdges;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Window;
import io.trayb.monitoring.threshold.Threshold;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A process that has more to do than it can refuses requests: by what it knows that it has too much, when it begins to refuse, and
 * when that is told. The service reads its limits here.
 */
public final class LoadShedding {
    private static final String TAKEN_OVER = "taken over from the service that Trayb succeeds";
    private static final String OPERATIONS = "Trayb's own operation";

    public static final Label REASON = Label.closed("reason", Reason.class);

    public static final Gauge DELAY = Gauge.ownShare(
                    "trayb_pressure_delay_seconds",
                    Unit.SECONDS,
                    "How long the work of a request waited for its thread, at worst within the last second: a stalled process, or one"
                            + " without a free thread.")
            .largestCounts();
    public static final Gauge HEAP_FREE = Gauge.ownShare(
            "trayb_pressure_heap_free_bytes",
            Unit.BYTES,
            "What the last collection of garbage left free of the heap's limit.");
    public static final Gauge REQUESTS = Gauge.ownShare(
            "trayb_pressure_requests",
            Unit.COUNT,
            "API requests that hold a thread; streams and polls that wait hold none.");
    public static final Counter REFUSED = Counter.of(
            "trayb_pressure_refused_total",
            "API requests that were answered 503, since this process had more to do than it could.",
            REASON);

    public static final Threshold MOST_DELAY = Threshold.of(
                    "pressureDelaySeconds",
                    1,
                    Unit.SECONDS,
                    immediate(),
                    "Who waits for a second before anything is done for them is better served by another node.",
                    TAKEN_OVER)
            .actedOnByTheService();

    public static final Threshold LEAST_HEAP_FREE = Threshold.of(
                    "pressureHeapFreeBytes",
                    256 * 1024 * 1024,
                    Unit.BYTES,
                    immediate(),
                    "Room for the largest bodies that come at once; of a small heap a share is enough: see pressureHeapFreeShare.",
                    TAKEN_OVER)
            .actedOnByTheService();

    public static final Threshold LEAST_HEAP_FREE_SHARE = Threshold.of(
                    "pressureHeapFreeShare",
                    0.1,
                    Unit.SHARE,
                    immediate(),
                    "Less than this after a collection, and collections are all that a process does; less than pressureHeapFreeBytes must be"
                            + " free too, so that a large heap isn't left unused.",
                    OPERATIONS)
            .actedOnByTheService();

    public static final Threshold MOST_REQUESTS = Threshold.of(
                    "pressureRequests",
                    500,
                    Unit.COUNT,
                    immediate(),
                    "Half of the server's threads: the other half answers health checks, and refuses.",
                    OPERATIONS)
            .actedOnByTheService();

    public static final Threshold MOST_WAITERS = Threshold.of(
                    "pressureConnectionWaiters",
                    100,
                    Unit.COUNT,
                    immediate(),
                    "Six for each connection of a pool as it is delivered: the last of them would wait for longer than it may.",
                    OPERATIONS)
            .actedOnByTheService();

    public static final Threshold REFUSALS = Threshold.of(
            "refusedRequestsPerMinute",
            60,
            Unit.PER_MINUTE,
            over(Duration.ofMinutes(1)),
            "Clients come back after a refusal, and a short burst needs nobody; one a second, and it is no burst.",
            OPERATIONS);

    static final Alert ALERT = alert("TraybRequestsRefused")
            .in(Area.RUNTIME)
            .whenAbove(inLastMinute(REFUSED), REFUSALS)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("The service refuses requests, since it has more to do than it can.")
            .describes(
                    "Requests are refused at {{value}}; more than {{threshold}} is no short burst. Clients are told to come"
                            + " back, and are served late or not at all.")
            .proof(new AroundThreshold(REFUSALS, 1, Stimulus.growsPerMinute(REFUSED))
                    .and(new CounterEdges(REFUSED, REFUSALS)))
            .build();

    static final Feature FEATURE = feature()
            .metric(DELAY)
            .metric(HEAP_FREE)
            .metric(REQUESTS)
            .metric(REFUSED)
            .threshold(MOST_DELAY)
            .threshold(LEAST_HEAP_FREE)
            .threshold(LEAST_HEAP_FREE_SHARE)
            .threshold(MOST_REQUESTS)
            .threshold(MOST_WAITERS)
            .threshold(REFUSALS)
            .alert(ALERT)
            .panel(
                    Area.RUNTIME.dashboardUid(),
                    overTime("Refused requests", Unit.PER_MINUTE, "For want of time, memory, threads or connections.")
                            .with(
                                    "{{reason}}",
                                    perSecondBy(REFUSED, Window.ofPanel(), List.of(REASON))
                                            .times(60))
                            .withLine(REFUSALS))
            .panel(
                    Area.RUNTIME.dashboardUid(),
                    overTime("Scheduling delay", Unit.SECONDS, "How long work waits for its thread, at worst.")
                            .with("{{instance}}", gauge(DELAY))
                            .withLine(MOST_DELAY))
            .panel(
                    Area.RUNTIME.dashboardUid(),
                    overTime("Requests at once", Unit.COUNT, "That hold a thread, by instance.")
                            .with("{{instance}}", gauge(REQUESTS))
                            .withLine(MOST_REQUESTS))
            .panel(
                    Area.RUNTIME.dashboardUid(),
                    overTime(
                                    "Heap free after collection",
                                    Unit.BYTES,
                                    "Of its limit, by instance; of a small heap a share of it is enough.")
                            .with("{{instance}}", gauge(HEAP_FREE))
                            .withLine(LEAST_HEAP_FREE))
            .panel(
                    Area.DEPENDENCIES.dashboardUid(),
                    overTime("Waiting for a connection", Unit.COUNT, "Threads, by instance.")
                            .with("{{instance}}", gauge(DependencyMetrics.CONNECTION_WAITERS))
                            .withLine(MOST_WAITERS));

    private LoadShedding() {}

    /** Why a request is refused. */
    public enum Reason implements LabelValue {
        /** Work waits too long for a thread. */
        DELAY,
        /** Collections of garbage leave too little free. */
        HEAP,
        /** Too many requests are being answered. */
        REQUESTS,
        /** Too many threads wait for a connection to Postgres. */
        CONNECTIONS;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
