package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.constant;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;
import static io.trayb.monitoring.promql.PromQl.perSecond;
import static io.trayb.monitoring.promql.PromQl.perSecondBy;
import static io.trayb.monitoring.promql.PromQl.quantile;
import static io.trayb.monitoring.promql.PromQl.totalBy;

import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Window;
import java.util.List;

/** Events: who follows, what reaches them, and what doesn't. */
final class EventsDashboard {
    static final Dashboard DASHBOARD = new Dashboard(
            "trayb-events",
            "Trayb: events",
            "Who follows events, what reaches them, and what doesn't.",
            List.of(
                    overTime("Connections", Unit.COUNT, "Open streams and waiting polls, over all instances.")
                            .with("{{kind}}", totalBy(EventMetrics.ACTIVE, List.of(EventMetrics.KIND))),
                    overTime("Events", Unit.PER_SECOND, "Written to the log once, delivered once for each connection.")
                            .with("published", perSecond(EventMetrics.PUBLISHED, Window.ofPanel()))
                            .with("delivered", perSecond(EventMetrics.DELIVERED, Window.ofPanel())),
                    overTime(
                                    "Dropped events",
                                    Unit.PER_MINUTE,
                                    "Events that never reach a connection that they were meant for.")
                            .with("dropped", inLastMinute(EventMetrics.DROPPED).or(constant(0)))
                            .withLine(TraybThresholds.SSE_DROPS),
                    overTime("Gaps", Unit.PER_SECOND, "Clients that were told to read state again, by reason.")
                            .with(
                                    "{{reason}}",
                                    perSecondBy(EventMetrics.GAPS, Window.ofPanel(), List.of(EventMetrics.GAP_REASON))),
                    overTime("Ended streams", Unit.PER_SECOND, "By what ended them.")
                            .with(
                                    "{{reason}}",
                                    perSecondBy(
                                            EventMetrics.DISCONNECTS,
                                            Window.ofPanel(),
                                            List.of(EventMetrics.DISCONNECT_REASON))),
                    overTime(
                                    "Refused and replayed",
                                    Unit.PER_SECOND,
                                    "Clients that were turned away, and those that caught up from the log.")
                            .with("refused", perSecond(EventMetrics.REFUSED, Window.ofPanel()))
                            .with("replayed", perSecond(EventMetrics.REPLAYS, Window.ofPanel())),
                    overTime("Lag", Unit.SECONDS, "How old events are when an instance reads them from the log.")
                            .with("{{instance}}", gauge(EventMetrics.HUB_LAG)),
                    overTime(
                                    "On the way",
                                    Unit.SECONDS,
                                    "99 of 100 events, or writes of them, took no longer than this.")
                            .with("commit to hub", quantile(0.99, EventMetrics.COMMIT_TO_HUB, Window.ofPanel()))
                            .with("hub to socket", quantile(0.99, EventMetrics.HUB_TO_SOCKET, Window.ofPanel())),
                    overTime("Bytes", Unit.BYTES_PER_SECOND, "Written to the connections of event streams.")
                            .with("written", perSecond(EventMetrics.BYTES, Window.ofPanel())),
                    overTime(
                                    "Failed to publish",
                                    Unit.PER_SECOND,
                                    "Events that the log didn't take; followers are told a gap.")
                            .with("failed", perSecond(EventMetrics.PUBLISH_FAILURES, Window.ofPanel()))));

    private EventsDashboard() {}
}
