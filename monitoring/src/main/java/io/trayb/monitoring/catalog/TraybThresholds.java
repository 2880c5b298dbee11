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

    public static final Threshold API_ERROR_BUDGET = Threshold.of(
            "apiErrorBudget",
            0.001,
            Unit.SHARE,
            immediate(),
            "Of a thousand requests one may fail: an objective of 99.9 % over 30 days, or three quarters of an hour of outage.",
            OPERATIONS);

    public static final Threshold API_SLOW_BUDGET = Threshold.of(
            "apiSlowBudget",
            0.01,
            Unit.SHARE,
            immediate(),
            "Of a hundred requests one may be slow: an objective of 99 % over 30 days.",
            OPERATIONS);

    public static final Threshold API_SLOW = Threshold.of(
                    "apiSlowSeconds",
                    0.5,
                    Unit.SECONDS,
                    immediate(),
                    "What counts as slow against the objective; the same as where the percentile's alert begins.",
                    OPERATIONS)
            .onBoundOf(HttpMetrics.REQUEST_DURATION);

    public static final Threshold API_OBJECTIVE_LEAST_TRAFFIC = Threshold.of(
            "apiObjectiveLeastRequestsPerSecond",
            0.1,
            Unit.PER_SECOND,
            immediate(),
            "360 requests in an hour: of fewer, a handful of failures would page somebody.",
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

    public static final Threshold QUEUE_HEARTBEAT = Threshold.of(
            "queueHeartbeatSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "The threads that claim and finish jobs report every second; after a minute one of them is gone or stuck.",
            OPERATIONS);

    public static final Threshold OLDEST_WAITING = Threshold.of(
            "oldestWaitingSeconds",
            600,
            Unit.SECONDS,
            immediate(),
            "A job that was ready ten minutes ago: its queue is paused, limited, or has nobody who works it off.",
            OPERATIONS);

    public static final Threshold UNKNOWN_TYPES = Threshold.of(
            "unknownTypesSeconds",
            300,
            Unit.SECONDS,
            immediate(),
            "A rolling restart is over by then, and remote workers were given ten minutes before that.",
            OPERATIONS);

    public static final Threshold POOL_EXHAUSTED = Threshold.of(
            "poolExhaustedSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "A peak is over within seconds; threads that still wait at every scrape of a minute have too few connections.",
            OPERATIONS);

    public static final Threshold DEAD_ROWS = Threshold.of(
            "deadRows",
            500_000,
            Unit.COUNT,
            lasting(Duration.ofMinutes(5)),
            "Ten times what vacuum leaves behind under the benchmark's load; claims begin to feel it.",
            OPERATIONS);

    public static final Threshold OLDEST_TRANSACTION = Threshold.of(
            "oldestTransactionSeconds",
            3600,
            Unit.SECONDS,
            immediate(),
            "A backup may take that long; whatever is older has been forgotten, and vacuum waits for it.",
            OPERATIONS);

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
