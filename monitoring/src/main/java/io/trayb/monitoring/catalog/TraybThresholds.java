package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.threshold.Timing.immediate;
import static io.trayb.monitoring.threshold.Timing.lasting;
import static io.trayb.monitoring.threshold.Timing.over;

import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.threshold.Threshold;
import java.time.Duration;
import java.util.List;

/** Every number that an alert compares with. Each can be set in {@code config.yml} under {@code thresholds:}. */
public final class TraybThresholds {
    private static final String TAKEN_OVER = "taken over from the service that Trayb succeeds";
    private static final String OPERATIONS = "Trayb's own operation";

    public static final Threshold API_LATENCY = Threshold.of(
                    "apiLatencyP95Seconds",
                    0.5,
                    Unit.SECONDS,
                    over(Duration.ofMinutes(5)),
                    "Beyond half a second a person in front of a screen notices that something hangs.",
                    TAKEN_OVER)
            .onBoundOf(HttpMetrics.REQUEST_DURATION);

    public static final Threshold API_LEAST_TRAFFIC = Threshold.of(
            "apiLeastRequestsPerSecond",
            0.1,
            Unit.PER_SECOND,
            over(Duration.ofMinutes(5)),
            "Thirty requests in five minutes: of fewer, a single slow one is already the 95th percentile.",
            OPERATIONS);

    public static final Threshold SSE_DROPS = Threshold.of(
            "sseDropsPerMinute",
            100,
            Unit.PER_MINUTE,
            over(Duration.ofMinutes(1)),
            "A single client on a bad line loses some; more than this is the service or the log.",
            TAKEN_OVER);

    public static final Threshold JOB_BACKLOG = Threshold.of(
            "waitingJobs",
            200,
            Unit.COUNT,
            lasting(Duration.ofMinutes(1)),
            "A batch that is worked off within a minute is no backlog; what stands longer has too few workers.",
            TAKEN_OVER);

    public static final Threshold JOB_FAILURES = Threshold.of(
            "failedJobsPerMinute",
            5,
            Unit.PER_MINUTE,
            over(Duration.ofMinutes(1)),
            "These are final failures, after all attempts: each is work that didn't happen.",
            TAKEN_OVER);

    public static final Threshold REDIS_HEARTBEAT = Threshold.of(
            "redisHeartbeatSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "A failover takes half a minute; who is still away after a minute needs somebody.",
            TAKEN_OVER);

    public static final Threshold POSTGRES_HEARTBEAT = Threshold.of(
            "postgresHeartbeatSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "A failover takes half a minute; who is still away after a minute needs somebody.",
            TAKEN_OVER);

    public static final Threshold WORKER_HEARTBEAT = Threshold.of(
            "workerHeartbeatSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "Workers report every few seconds, and a restart is over well within a minute.",
            TAKEN_OVER);

    public static final Threshold TARGET_DOWN = Threshold.of(
            "targetDownSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "Four scrapes: a restart may miss one or two.",
            OPERATIONS);

    public static final Threshold TARGET_ABSENT = Threshold.of(
            "targetAbsentSeconds",
            120,
            Unit.SECONDS,
            immediate(),
            "Longer than a deployment takes to write the list of targets anew.",
            OPERATIONS);

    public static final Threshold RULES_DRIFTED = Threshold.of(
            "rulesDriftedSeconds",
            900,
            Unit.SECONDS,
            immediate(),
            "While a new version rolls out, old and new processes are told apart by it; that is over in a quarter of an hour.",
            OPERATIONS);

    private TraybThresholds() {}

    static List<Threshold> all() {
        return DeclaredConstants.of(Threshold.class, TraybThresholds.class);
    }
}
