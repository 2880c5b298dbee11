package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.metric.Origin.JVM;
import static io.trayb.monitoring.metric.Origin.POSTGRES_EXPORTER;
import static io.trayb.monitoring.metric.Origin.REDIS_EXPORTER;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Unit;

/** What others export and Trayb's panels show. */
public final class ForeignMetrics {
    public static final Counter CPU =
            Counter.foreign(JVM, "process_cpu_seconds_total", Unit.SECONDS, "Time on a processor, user and system.");
    public static final Gauge RESIDENT_MEMORY =
            Gauge.foreign(JVM, "process_resident_memory_bytes", Unit.BYTES, "Memory of the process that is in RAM.");
    public static final Gauge OPEN_FILES =
            Gauge.foreign(JVM, "process_open_fds", Unit.COUNT, "Open file descriptors, sockets included.");
    public static final Gauge OPEN_FILES_MAX =
            Gauge.foreign(JVM, "process_max_fds", Unit.COUNT, "File descriptors that the process may open.");
    public static final Gauge STARTED = Gauge.foreign(
                    JVM, "process_start_time_seconds", Unit.TIMESTAMP, "When the process started.")
            .largestCounts();
    public static final Gauge MEMORY_USED = Gauge.foreign(
            JVM, "jvm_memory_bytes_used", Unit.BYTES, "Memory that the JVM uses.", Label.bounded("area", 2));
    public static final Gauge MEMORY_MAX = Gauge.foreign(
            JVM, "jvm_memory_bytes_max", Unit.BYTES, "Memory that the JVM may use.", Label.bounded("area", 2));
    public static final Gauge THREADS =
            Gauge.foreign(JVM, "jvm_threads_current", Unit.COUNT, "Threads that are alive.");
    public static final Counter GC_TIME = Counter.foreign(
            JVM, "jvm_gc_collection_seconds_sum", Unit.SECONDS, "Time in garbage collection.", Label.bounded("gc", 4));

    public static final Gauge REDIS_MEMORY =
            Gauge.foreign(REDIS_EXPORTER, "redis_memory_used_bytes", Unit.BYTES, "Memory that Redis uses.");
    public static final Counter REDIS_EVICTED = Counter.foreign(
            REDIS_EXPORTER,
            "redis_evicted_keys_total",
            Unit.COUNT,
            "Keys that Redis threw out to stay below its limit.");
    public static final Gauge POSTGRES_SESSIONS = Gauge.foreign(
            POSTGRES_EXPORTER,
            "pg_stat_activity_count",
            Unit.COUNT,
            "Sessions in Postgres.",
            Label.bounded("state", 10));

    private ForeignMetrics() {}
}
