package io.trayb.metrics;

import io.trayb.monitoring.catalog.DependencyMetrics;
import io.trayb.monitoring.catalog.DependencyMetrics.Cache;
import io.trayb.monitoring.catalog.DependencyMetrics.CacheResult;
import io.trayb.monitoring.catalog.DependencyMetrics.ConnectionState;
import io.trayb.monitoring.catalog.DependencyMetrics.Dependency;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;

/** Exports how well this process reaches what it stands on. Thread-safe; never blocks. */
public final class DependencyRecorder {
    private final GaugeHandle up;
    private final GaugeHandle latency;
    private final GaugeHandle lastSuccess;
    private final GaugeHandle connections;
    private final GaugeHandle connectionsMax;
    private final GaugeHandle connectionWaiters;
    private final CounterHandle cacheRequests;

    /**
     * A recorder.
     *
     * @param started when the process started: each dependency's silence counts from there until its first answer
     */
    DependencyRecorder(Collectors collectors, Instant started) {
        up = collectors.gauge(DependencyMetrics.UP);
        latency = collectors.gauge(DependencyMetrics.LATENCY);
        lastSuccess = collectors.gauge(DependencyMetrics.LAST_SUCCESS);
        connections = collectors.gauge(DependencyMetrics.CONNECTIONS);
        connectionsMax = collectors.gauge(DependencyMetrics.CONNECTIONS_MAX);
        connectionWaiters = collectors.gauge(DependencyMetrics.CONNECTION_WAITERS);
        cacheRequests = collectors.counter(DependencyMetrics.CACHE_REQUESTS);
        for (Dependency dependency : Dependency.values()) {
            lastSuccess.set(Seconds.sinceEpoch(started), dependency.label());
        }
    }

    /** A probe found the dependency well, after so long. */
    public void answered(Dependency dependency, Duration after, Instant at) {
        up.set(1, dependency.label());
        latency.set(Seconds.of(after), dependency.label());
        lastSuccess.set(Seconds.sinceEpoch(at), dependency.label());
    }

    /** A probe found the dependency unwell, or got no answer, after so long. */
    public void failed(Dependency dependency, Duration after) {
        up.set(0, dependency.label());
        latency.set(Seconds.of(after), dependency.label());
    }

    /** Where to read, at each scrape, how the pool of connections to Postgres is used. */
    public void readsPool(IntSupplier active, IntSupplier idle, IntSupplier most, IntSupplier waiters) {
        connections.read(active::getAsInt, ConnectionState.ACTIVE.label());
        connections.read(idle::getAsInt, ConnectionState.IDLE.label());
        connectionsMax.read(most::getAsInt);
        connectionWaiters.read(waiters::getAsInt);
    }

    /** Something was looked up in the cache. */
    public void lookedUp(Cache cache, CacheResult result) {
        cacheRequests.inc(cache.label(), result.label());
    }
}
