package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import java.util.List;

/** API requests. */
public final class HttpMetrics {
    /**
     * Routes that answer when there is something to tell: event streams, long polls and waiting leases. How long they take says
     * nothing about how quick the API is; the service doesn't time them, and no latency rule counts them.
     */
    public static final List<String> OPEN_ENDED_ROUTES =
            List.of("/api/v1/events", "/api/v1/events/poll", "/api/v1/queues/{queue}/leases");

    public static final Label METHOD = Label.closed("method", Method.class);
    /** Templates such as {@code /api/v1/jobs/{id}}, never paths: there are as many as the API has calls. */
    public static final Label ROUTE = Label.bounded("route", 100);

    public static final Label STATUS = Label.bounded("status", 60);

    /** 0.5 s is a bound since the latency alert compares with it. */
    public static final Histogram REQUEST_DURATION = Histogram.ofSeconds(
            "trayb_http_request_duration_seconds",
            "How long API requests took, from the first byte read to the answer's end; streams and long polls left out.",
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0),
            METHOD,
            ROUTE,
            STATUS);

    private HttpMetrics() {}

    /** Methods that are told apart. */
    public enum Method implements LabelValue {
        GET,
        HEAD,
        POST,
        PUT,
        PATCH,
        DELETE,
        OPTIONS,
        /** Anything else: a client may send what it likes. */
        OTHER {
            @Override
            public String label() {
                return Label.OTHER;
            }
        };

        @Override
        public String label() {
            return name();
        }
    }
}
