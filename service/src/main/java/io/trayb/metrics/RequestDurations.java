package io.trayb.metrics;

import io.trayb.metrics.HistogramHandle.Child;
import io.trayb.monitoring.catalog.HttpMetrics;
import io.trayb.monitoring.metric.Label;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Records how long requests took. What was recorded once is found again without looking labels up or allocating anything, since
 * every request comes by here. Thread-safe; recording never blocks.
 */
public final class RequestDurations {
    private static final Set<String> METHODS = Set.copyOf(HttpMetrics.METHOD.values());
    private static final int LOWEST_STATUS = 100;
    private static final int STATUSES = 500;

    private final HistogramHandle durations;
    /** By route, then by method, then by status. There are as many routes as their label can have values. */
    private final Map<String, Map<String, AtomicReferenceArray<Child>>> known = new ConcurrentHashMap<>();

    public RequestDurations(Collectors collectors) {
        this.durations = collectors.histogram(HttpMetrics.REQUEST_DURATION);
    }

    /**
     * Records one request.
     *
     * @param method as the client sent it; one that isn't told apart counts as another
     * @param route a template, never a path
     */
    public void observe(String method, String route, int status, long nanoseconds) {
        child(METHODS.contains(method) ? method : Label.OTHER, route, status).observeNanos(nanoseconds);
    }

    private Child child(String method, String route, int status) {
        int index = status - LOWEST_STATUS;
        Map<String, AtomicReferenceArray<Child>> ofRoute = known.get(route);
        if (ofRoute == null && known.size() < HttpMetrics.ROUTE.limit()) {
            ofRoute = known.computeIfAbsent(route, any -> new ConcurrentHashMap<>());
        }
        if (ofRoute == null || index < 0 || index >= STATUSES) {
            return durations.child(method, route, Integer.toString(status));
        }
        AtomicReferenceArray<Child> ofMethod = ofRoute.get(method);
        if (ofMethod == null) {
            ofMethod = ofRoute.computeIfAbsent(method, any -> new AtomicReferenceArray<>(STATUSES));
        }
        Child child = ofMethod.get(index);
        if (child == null) {
            // Two that come at once find the same histogram.
            child = durations.child(method, route, Integer.toString(status));
            ofMethod.set(index, child);
        }
        return child;
    }
}
