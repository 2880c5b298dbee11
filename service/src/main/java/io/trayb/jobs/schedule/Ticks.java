package io.trayb.jobs.schedule;

import io.trayb.jobs.ScheduleDefinition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** The moments at which a schedule is due. Immutable. */
public sealed interface Ticks permits CronTicks, IntervalTicks {
    /** The first tick after this moment, never the moment itself; empty if there is none. */
    Optional<Instant> after(Instant moment);

    /**
     * The ticks of a schedule.
     *
     * @param startsAt what the ticks of an interval are counted from
     * @throws IllegalArgumentException if its cron expression can't be read
     * @throws DateTimeException if this JVM doesn't know its time zone
     */
    static Ticks of(ScheduleDefinition definition, Instant startsAt) {
        if (definition.interval() != null) {
            return new IntervalTicks(startsAt, definition.interval());
        }
        if (definition.cron() != null) {
            return new CronTicks(CronExpression.parse(definition.cron()), ZoneId.of(definition.timeZone()));
        }
        throw new IllegalStateException("a schedule has either a cron expression or an interval");
    }
}
