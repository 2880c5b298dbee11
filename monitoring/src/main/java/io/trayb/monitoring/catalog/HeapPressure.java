package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.Feature.feature;
import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.lowest;
import static io.trayb.monitoring.threshold.Timing.over;

import io.trayb.monitoring.Feature;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.AroundThreshold;
import io.trayb.monitoring.alert.Case;
import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.alert.Proof;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.alert.TestSeries;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.promql.Window;
import io.trayb.monitoring.threshold.Threshold;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process that has hardly any memory left: what it is, when it is told, and where it shows. */
public final class HeapPressure {
    private static final Matcher HEAP = Matcher.is("area", "heap");

    public static final Threshold HEAP_USED = Threshold.of(
            "heapUsedShare",
            0.9,
            Unit.SHARE,
            over(Duration.ofMinutes(5)),
            "The least of five minutes: what no collection of garbage brought down is really in use.",
            "Trayb's own operation");

    private static final Vector IN_USE = lowest(ForeignMetrics.MEMORY_USED, Window.of(HEAP_USED), HEAP)
            .dividedBy(gauge(ForeignMetrics.MEMORY_MAX, HEAP));

    static final Alert ALERT = alert("TraybHeapPressure")
            .in(Area.RUNTIME)
            .whenAbove(IN_USE, HEAP_USED)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("A process has hardly any memory left.")
            .describes("Within {{window}} no collection of garbage got the heap of {{labels.instance}} below a share of"
                    + " {{value}} of its limit, more than {{threshold}}. It gets slower, then ends.")
            .proof(proof())
            .build();

    static final Feature FEATURE = feature()
            .threshold(HEAP_USED)
            .alert(ALERT)
            .panel(
                    Area.RUNTIME.dashboardUid(),
                    overTime(
                                    "Heap in use",
                                    Unit.SHARE,
                                    "Of its limit; the least within five minutes, so that garbage isn't counted.")
                            .with("{{instance}}", IN_USE)
                            .withLine(HEAP_USED));

    private HeapPressure() {}

    private static Proof proof() {
        return thresholds -> {
            double limit = thresholds.value(HEAP_USED);
            Firing firing = new Firing(
                    Map.of("job", Scrape.JOB, "instance", Stimulus.instance(1), "area", "heap"), limit + 0.01);
            return List.of(
                    of(
                            "fires for the process that is full, not for its neighbour",
                            List.of(
                                    used(1, "heap", limit + 0.01),
                                    most(1, "heap"),
                                    used(2, "heap", limit - 0.01),
                                    most(2, "heap")),
                            List.of(firing)),
                    of(
                            "stays quiet just below the threshold",
                            List.of(used(1, "heap", limit - 0.01), most(1, "heap")),
                            List.of()),
                    of(
                            "stays quiet when garbage was collected within the window",
                            List.of(
                                    series(1, ForeignMetrics.MEMORY_USED.name(), "heap", collected(limit, 24)),
                                    most(1, "heap")),
                            List.of()),
                    of(
                            "fires when garbage was last collected before the window",
                            List.of(
                                    series(1, ForeignMetrics.MEMORY_USED.name(), "heap", collected(limit, 12)),
                                    most(1, "heap")),
                            List.of(firing)),
                    of(
                            "stays quiet about memory beside the heap",
                            List.of(used(1, "nonheap", 0.99), most(1, "nonheap")),
                            List.of()),
                    of("stays quiet without any series", List.of(), List.of()));
        };
    }

    private static Case of(String promise, List<TestSeries> series, List<Firing> firing) {
        return new Case(promise, series, AroundThreshold.ASKED_AT, firing);
    }

    /** Full, but for two scrapes after so many. */
    private static String collected(double limit, int after) {
        String full = Decimal.plain(1000 * limit + 10);
        return full + "+0x" + (after - 1) + " " + Decimal.plain(1000 * limit - 10) + "+0x1 " + full + "+0x40";
    }

    private static TestSeries used(int instance, String area, double share) {
        return series(instance, ForeignMetrics.MEMORY_USED.name(), area, Stimulus.constant(Math.rint(1000 * share)));
    }

    private static TestSeries most(int instance, String area) {
        return series(instance, ForeignMetrics.MEMORY_MAX.name(), area, Stimulus.constant(1000));
    }

    private static TestSeries series(int instance, String name, String area, String values) {
        return TestSeries.of(name, Stimulus.instance(instance), Map.of("area", area), values);
    }
}
