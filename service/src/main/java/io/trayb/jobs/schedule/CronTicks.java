package io.trayb.jobs.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * The ticks of a cron expression by the wall clock of a time zone. Where that clock is put forward or back, it does as Vixie's
 * cron does (cron(8): "local time changes … caused by the Daylight Saving Time changes"):
 *
 * <ul>
 *   <li>An expression for certain times of day ({@code 30 2 * * *}) runs once for each of them. Those that the clock skips are due
 *       at the moment of the change, all together as one tick; those that come twice are due the first time.
 *   <li>An expression with a {@code *} in its minutes or hours ({@code *}{@code /15 * * * *}) goes with the time that really
 *       passes: what is skipped never was, what comes twice is due twice.
 * </ul>
 *
 * <p>Takes the matching of local times from cron-utils and does the rest itself: the library leaves what happens at a change
 * open (cron-utils issues 213 and 446).
 */
record CronTicks(CronExpression expression, ZoneRules rules) implements Ticks {
    CronTicks(CronExpression expression, ZoneId zone) {
        this(expression, zone.getRules());
    }

    @Override
    public Optional<Instant> after(Instant moment) {
        return expression.goesWithRealTime() ? byRealTime(moment) : byTimeOfDay(moment);
    }

    /** Looks from one change of the clock to the next; between them, local and real time pass alike. */
    private Optional<Instant> byRealTime(Instant moment) {
        ZoneOffset offset = rules.getOffset(moment);
        Optional<LocalDateTime> match = expression.after(LocalDateTime.ofInstant(moment, offset));
        ZoneOffsetTransition change = rules.nextTransition(moment);
        while (match.isPresent() && change != null && !match.get().isBefore(change.getDateTimeBefore())) {
            offset = change.getOffsetAfter();
            match = expression.atOrAfter(change.getDateTimeAfter());
            change = rules.nextTransition(change.getInstant());
        }
        ZoneOffset atMatch = offset;
        return match.map(local -> local.toInstant(atMatch));
    }

    private Optional<Instant> byTimeOfDay(Instant moment) {
        LocalDateTime local = LocalDateTime.ofInstant(moment, rules.getOffset(moment));
        ZoneOffsetTransition change = rules.getTransition(local);
        boolean comesASecondTime = change != null && change.isOverlap() && !moment.isBefore(change.getInstant());
        Optional<LocalDateTime> match =
                comesASecondTime ? expression.atOrAfter(change.getDateTimeBefore()) : expression.after(local);
        return match.map(this::first);
    }

    /** The first moment at which a clock on the wall has come to this time, or has passed it by. */
    private Instant first(LocalDateTime local) {
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change == null) {
            return local.toInstant(rules.getOffset(local));
        }
        return change.isGap() ? change.getInstant() : local.toInstant(change.getOffsetBefore());
    }
}
