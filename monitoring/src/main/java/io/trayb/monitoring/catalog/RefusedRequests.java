package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.Feature.feature;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.perSecondBy;

import io.trayb.monitoring.Feature;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Window;
import java.util.List;
import java.util.Locale;

/**
 * Requests that are refused for who sends them, or for how often they come. A client that was set up wrongly shows here, and so does
 * somebody who tries keys. There is no alert on it: what anybody can bring about at will should wake nobody.
 */
public final class RefusedRequests {
    public static final Label REASON = Label.closed("reason", Reason.class);

    public static final Counter REFUSED = Counter.of(
            "trayb_http_refused_total", "Requests that were answered 401, 403 or 429, by why they were.", REASON);

    static final Feature FEATURE = feature()
            .metric(REFUSED)
            .panel(
                    Area.API.dashboardUid(),
                    overTime(
                                    "Clients refused",
                                    Unit.PER_MINUTE,
                                    "For want of a key or a right to it, or for coming too often.")
                            .with(
                                    "{{reason}}",
                                    perSecondBy(REFUSED, Window.ofPanel(), List.of(REASON))
                                            .times(60)));

    private RefusedRequests() {}

    /** Why a client is refused. */
    public enum Reason implements LabelValue {
        /** 401: it brought none. */
        NO_KEY,
        /** 401: what it brought is mistyped, unknown, expired or revoked. */
        BAD_KEY,
        /** 401, 403: its ticket is used up, or for something else. */
        TICKET,
        /** 403: its key isn't for this kind of call. */
        SCOPE,
        /** 403: its key isn't for this queue. */
        QUEUE,
        /** 403: it wants to give away more than it has. */
        GRANT,
        /** 403: as long as there are no keys, it isn't on this machine. */
        ELSEWHERE,
        /** 429: it comes more often than its key may. */
        RATE,
        /** 429: it has as many streams and polls open as one key may. */
        OPEN_STREAMS,
        /** Anything else. */
        OTHER;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
