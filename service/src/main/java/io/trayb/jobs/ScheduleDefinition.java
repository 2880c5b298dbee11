package io.trayb.jobs;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that somebody asks for: when to submit which job. Immutable; the constructor refuses what the contract doesn't
 * allow, with the field, its value and what is allowed. Whether the expression and the zone mean anything is for
 * {@code io.trayb.jobs.schedule} to say, since a zone that this JVM doesn't know may be known to the one that stored it.
 *
 * @param name {@code [a-z0-9][a-z0-9._-]{0,63}}, once in a database
 * @param cron five fields as in crontab(5), or null; then there is an interval
 * @param interval 1 s to 366 days, or null; then there is a cron expression
 * @param timeZone the name of an IANA time zone, by whose wall clock the cron expression goes; an interval has no use for it
 * @param job what is submitted at each tick; its {@code delay} counts from then on, its {@code runAt} is null
 */
public record ScheduleDefinition(
        String name,
        @Nullable String cron,
        @Nullable Duration interval,
        String timeZone,
        MissedRuns missedRuns,
        boolean enabled,
        JobSubmission job) {

    /** What a schedule may be called. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    public static final Duration MAX_INTERVAL = Duration.ofDays(366);
    public static final String DEFAULT_TIME_ZONE = "UTC";
    public static final MissedRuns DEFAULT_MISSED_RUNS = MissedRuns.SKIP;

    public ScheduleDefinition {
        require(NAME.matcher(name).matches(), "name", name, NAME.pattern());
        require((cron == null) != (interval == null), "cron", String.valueOf(cron), "there, or interval, but not both");
        require(
                interval == null || (interval.compareTo(MIN_INTERVAL) >= 0 && interval.compareTo(MAX_INTERVAL) <= 0),
                "interval",
                String.valueOf(interval),
                "1 s to 366 days");
        require(job.runAt() == null, "job.runAt", String.valueOf(job.runAt()), "null: the schedule says when");
        Objects.requireNonNull(timeZone, "timeZone");
        Objects.requireNonNull(missedRuns, "missedRuns");
    }

    /** Whether both have the same ticks, if they start at the same time. */
    public boolean hasTimingOf(ScheduleDefinition other) {
        return Objects.equals(cron, other.cron)
                && Objects.equals(interval, other.interval)
                && (cron == null || timeZone.equals(other.timeZone));
    }

    private static void require(boolean holds, String field, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(field + " is '" + value + "', but must be " + allowed);
        }
    }
}
