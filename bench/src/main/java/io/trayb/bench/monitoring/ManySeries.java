package io.trayb.bench.monitoring;

import io.trayb.metrics.Collectors;
import io.trayb.metrics.HistogramHandle;
import io.trayb.metrics.RequestDurations;
import io.trayb.monitoring.catalog.HttpMetrics;
import io.trayb.monitoring.catalog.TraybCatalog;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a service has after a long time with many routes: 10,000 series and a few more. */
@State(Scope.Benchmark)
public class ManySeries {
    private static final int SERIES = 10_000;
    /** Fewer than the label may have, so that each is told apart. */
    private static final int ROUTES = 90;

    final Collectors collectors = new Collectors(TraybCatalog.withDefaults());
    final RequestDurations durations = new RequestDurations(collectors);

    /** Requests on as many routes and with as many statuses as it takes: each histogram has a series a bucket, its sum, its count, and the infinite one. */
    @Setup
    public void makeSeries() {
        HistogramHandle histogram = collectors.histogram(HttpMetrics.REQUEST_DURATION);
        int each = HttpMetrics.REQUEST_DURATION.buckets().size() + 3;
        for (int i = 0; i < SERIES / each + 1; i++) {
            histogram.observe(
                    0.01 * (i % 100), "GET", "/api/v1/route-" + i % ROUTES, Integer.toString(200 + i / ROUTES));
        }
        durations.observe("POST", "/api/v1/jobs", 201, 1_000_000);
    }
}
