package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.lowest;

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
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Window;
import java.util.List;
import java.util.Map;

/** Alerts on the processes themselves. */
final class RuntimeAlerts {
    private static final Matcher HEAP = Matcher.is("area", "heap");

    static final Alert HEAP_PRESSURE = alert("TraybHeapPressure")
            .in(Area.RUNTIME)
            .whenAbove(
                    lowest(ForeignMetrics.MEMORY_USED, Window.of(TraybThresholds.HEAP_USED), HEAP)
                            .dividedBy(gauge(ForeignMetrics.MEMORY_MAX, HEAP)),
                    TraybThresholds.HEAP_USED)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("A process has hardly any memory left.")
            .describes("Within {{window}} no collection of garbage got the heap of {{labels.instance}} below a share of"
                    + " {{value}} of its limit, more than {{threshold}}. It gets slower, then ends.")
            .proof(proof())
            .build();

    private RuntimeAlerts() {}

    static List<Alert> all() {
        return List.of(HEAP_PRESSURE);
    }

    private static Proof proof() {
        return thresholds -> {
            double limit = thresholds.value(TraybThresholds.HEAP_USED);
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
                                    series(
                                            1,
                                            ForeignMetrics.MEMORY_USED.name(),
                                            "heap",
                                            collectedAfterSixMinutes(limit)),
                                    most(1, "heap")),
                            List.of()),
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

    /** Full, but for two scrapes four minutes before the case asks. */
    private static String collectedAfterSixMinutes(double limit) {
        String full = Decimal.plain(1000 * limit + 10);
        return full + "+0x23 " + Decimal.plain(1000 * limit - 10) + "+0x1 " + full + "+0x40";
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
