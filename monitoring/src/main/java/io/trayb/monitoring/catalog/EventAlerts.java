package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.promql.PromQl.inLastMinute;

import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.AroundThreshold;
import io.trayb.monitoring.alert.CounterEdges;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.Team;
import java.util.List;

/** Alerts on events and those who follow them. */
final class EventAlerts {
    static final Alert DROPS = alert("TraybSseEventsDropped")
            .in(Area.EVENTS)
            .whenAbove(inLastMinute(EventMetrics.DROPPED), TraybThresholds.SSE_DROPS)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("Clients are losing events.")
            .describes("Events are being dropped at {{value}}; more than {{threshold}} means that many clients fall"
                    + " back to reading state again.")
            .proof(new AroundThreshold(TraybThresholds.SSE_DROPS, 1, Stimulus.growsPerMinute(EventMetrics.DROPPED))
                    .and(new CounterEdges(EventMetrics.DROPPED, TraybThresholds.SSE_DROPS)))
            .build();

    private EventAlerts() {}

    static List<Alert> all() {
        return List.of(DROPS);
    }
}
