package io.trayb.jobs.schedule;

import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import java.time.Duration;
import java.time.Instant;

/**
 * What is to be done about a schedule whose tick has come. Immutable.
 *
 * @param run whether, and as what, its job is submitted
 * @param letsGo whether ticks passed for which nothing runs any more
 * @param tick the tick that the run is for: the latest one within {@link #GRACE}, or else the first that was missed
 * @param next the first tick after now
 */
record Verdict(Run run, boolean letsGo, Instant tick, Instant next) {
    /** As what a job is submitted. */
    enum Run {
        /** For a tick that has just come. */
        ON_TIME,
        /** For all ticks that were missed, and for one that has just come, if one has. */
        MAKES_UP,
        /** Not at all. */
        NONE
    }

    /**
     * How late a run may be and still be that tick's: a restart, a failover of the database or a busy minute is no reason to leave
     * a nightly job out. A minute is Quartz's misfire threshold too.
     */
    static final Duration GRACE = Duration.ofMinutes(1);

    /**
     * Judges.
     *
     * @param schedule one whose next tick is not after {@code now}
     * @throws IllegalStateException if its ticks have come to an end
     */
    static Verdict of(Schedule schedule, Ticks ticks, Instant now) {
        Instant due = schedule.nextTickAt();
        Instant oldest = now.minus(GRACE);
        Instant tick = due;
        Instant next = after(ticks, due.isBefore(oldest) ? oldest.minusNanos(1) : due);
        while (!next.isAfter(now)) {
            tick = next;
            next = after(ticks, next);
        }
        boolean onTime = !tick.isBefore(oldest);
        boolean missed = !onTime || tick.isAfter(due);
        if (missed && schedule.definition().missedRuns() == MissedRuns.ONCE) {
            return new Verdict(Run.MAKES_UP, false, tick, next);
        }
        return new Verdict(onTime ? Run.ON_TIME : Run.NONE, missed, tick, next);
    }

    private static Instant after(Ticks ticks, Instant moment) {
        return ticks.after(moment).orElseThrow(() -> new IllegalStateException("there is no tick after " + moment));
    }
}
