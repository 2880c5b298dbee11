package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.perSecondBy;
import static io.trayb.monitoring.promql.PromQl.rate;
import static io.trayb.monitoring.promql.PromQl.total;

import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.Window;
import java.util.List;

/** The processes themselves. */
final class RuntimeDashboard {
    private static final Matcher HEAP = Matcher.is("area", "heap");

    static final Dashboard DASHBOARD = new Dashboard(
            "trayb-runtime",
            "Trayb: runtime",
            "The processes themselves: processor, memory, threads, files, and which build they are.",
            List.of(
                    overTime("Processor", Unit.COUNT, "Cores in use, by instance.")
                            .with("{{instance}}", rate(ForeignMetrics.CPU, Window.ofPanel())),
                    overTime("Heap", Unit.BYTES, "In use, and the most that the JVM may take.")
                            .with("{{instance}}", gauge(ForeignMetrics.MEMORY_USED, HEAP))
                            .with("{{instance}} most", gauge(ForeignMetrics.MEMORY_MAX, HEAP)),
                    overTime("Process memory", Unit.BYTES, "In RAM, heap and all the rest.")
                            .with("{{instance}}", gauge(ForeignMetrics.RESIDENT_MEMORY)),
                    overTime("Garbage collection", Unit.SHARE, "How much of the time it takes, by collector.")
                            .with("{{instance}} {{gc}}", rate(ForeignMetrics.GC_TIME, Window.ofPanel())),
                    overTime("Threads", Unit.COUNT, "Alive, by instance.")
                            .with("{{instance}}", gauge(ForeignMetrics.THREADS)),
                    overTime("Open files", Unit.COUNT, "Sockets included; each event stream is one.")
                            .with("{{instance}}", gauge(ForeignMetrics.OPEN_FILES))
                            .with("{{instance}} most", gauge(ForeignMetrics.OPEN_FILES_MAX)),
                    overTime("Up since", Unit.SECONDS, "Time since the process started.")
                            .with("{{instance}}", age(gauge(ForeignMetrics.STARTED))),
                    overTime("Builds", Unit.COUNT, "Which version and which rules each instance was built with.")
                            .with("{{instance}} {{version}}", gauge(ServiceMetrics.BUILD_INFO))
                            .with("{{instance}} rules {{fingerprint}}", gauge(ServiceMetrics.FINGERPRINT_INFO)),
                    overTime(
                                    "Rules that differ",
                                    Unit.COUNT,
                                    "Between Prometheus and the running service; 0 as well where nothing compares them.")
                            .with("rules", total(ServiceMetrics.RULES_DIFFERING)),
                    overTime("Comparisons of rules", Unit.PER_MINUTE, "By what they found.")
                            .with(
                                    "{{result}}",
                                    perSecondBy(
                                                    ServiceMetrics.COMPARISONS,
                                                    Window.ofPanel(),
                                                    List.of(ServiceMetrics.COMPARISON_RESULT))
                                            .times(60))));

    private RuntimeDashboard() {}
}
