package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Unit;
import java.util.Locale;

/** What the service stands on: whether it answers, how quickly, and the connections to it. */
public final class DependencyMetrics {
    public static final Label DEPENDENCY = Label.closed("dependency", Dependency.class);
    public static final Label STATE = Label.closed("state", ConnectionState.class);
    public static final Label CACHE = Label.closed("cache", Cache.class);
    public static final Label RESULT = Label.closed("result", CacheResult.class);

    public static final Gauge UP = Gauge.ownShare(
            "trayb_dependency_up",
            Unit.COUNT,
            "Whether the last probe of a dependency went well (1) or not (0).",
            DEPENDENCY);
    public static final Gauge LATENCY = Gauge.ownShare(
                    "trayb_dependency_latency_seconds",
                    Unit.SECONDS,
                    "How long the last probe of a dependency took.",
                    DEPENDENCY)
            .largestCounts();
    public static final Gauge LAST_SUCCESS = Gauge.ownShare(
                    "trayb_dependency_last_success_timestamp_seconds",
                    Unit.TIMESTAMP,
                    "When a probe of a dependency last went well; until the first, when this process started.",
                    DEPENDENCY)
            .largestCounts();

    public static final Gauge CONNECTIONS = Gauge.ownShare(
            "trayb_database_connections", Unit.COUNT, "Connections to Postgres in this process' pool.", STATE);
    public static final Gauge CONNECTIONS_MAX = Gauge.ownShare(
            "trayb_database_connections_max", Unit.COUNT, "Connections that this process' pool may open.");
    public static final Gauge CONNECTION_WAITERS = Gauge.ownShare(
            "trayb_database_connection_waiters",
            Unit.COUNT,
            "Threads that wait for a connection from this process' pool.");

    public static final Counter CACHE_REQUESTS =
            Counter.of("trayb_cache_requests_total", "Look-ups in the cache that Redis holds.", CACHE, RESULT);

    private DependencyMetrics() {}

    /** What is probed. */
    public enum Dependency implements LabelValue {
        POSTGRES,
        REDIS,
        /** The loop that claims jobs. */
        QUEUE;

        @Override
        public String label() {
            return lowerCase(this);
        }
    }

    /** What a pooled connection is doing. */
    public enum ConnectionState implements LabelValue {
        ACTIVE,
        IDLE;

        @Override
        public String label() {
            return lowerCase(this);
        }
    }

    /** What is cached. */
    public enum Cache implements LabelValue {
        JOBS,
        QUEUES;

        @Override
        public String label() {
            return lowerCase(this);
        }
    }

    /** How a look-up ended. */
    public enum CacheResult implements LabelValue {
        HIT,
        MISS,
        /** Redis did not answer; the answer came from Postgres. */
        ERROR;

        @Override
        public String label() {
            return lowerCase(this);
        }
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
