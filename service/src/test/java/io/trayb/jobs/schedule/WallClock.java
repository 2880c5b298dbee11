package io.trayb.jobs.schedule;

import com.google.common.base.Splitter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What a patient person with a crontab and a clock on the wall would do: goes through every minute, and knows no shortcuts. */
final class WallClock {
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyDay;
    private final boolean anyWeekday;
    private final boolean realTime;

    WallClock(String cron) {
        List<String> fields = List.of(cron.split(" "));
        minutes = values(fields.get(0), 0, 59);
        hours = values(fields.get(1), 0, 23);
        days = values(fields.get(2), 1, 31);
        months = values(fields.get(3), 1, 12);
        weekdays = values(fields.get(4), 0, 7);
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        anyDay = fields.get(2).equals("*") || fields.get(2).equals("*/1");
        anyWeekday = fields.get(4).equals("*") || fields.get(4).equals("*/1");
        realTime = (fields.get(0) + fields.get(1)).contains("*");
    }

    boolean matches(LocalDateTime time) {
        return minutes.get(time.getMinute()) && hours.get(time.getHour()) && matches(time.toLocalDate());
    }

    private boolean matches(LocalDate day) {
        boolean dayOfMonth = days.get(day.getDayOfMonth());
        boolean dayOfWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
        boolean oneWillDo = !anyDay && !anyWeekday;
        boolean dayMatches = oneWillDo ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek;
        return months.get(day.getMonthValue()) && dayMatches;
    }

    /** The first match after a local time, up to 12 years on; null if there is none. */
    LocalDateTime next(LocalDateTime after) {
        for (LocalDate day = after.toLocalDate(); day.getYear() <= after.getYear() + 12; day = day.plusDays(1)) {
            if (matches(day)) {
                for (int minute = 0; minute < 24 * 60; minute++) {
                    LocalDateTime time = day.atStartOfDay().plusMinutes(minute);
                    if (time.isAfter(after) && matches(time)) {
                        return time;
                    }
                }
            }
        }
        return null;
    }

    /** All ticks from one moment to another. Offsets must be of whole minutes. */
    NavigableSet<Instant> ticks(Instant from, Instant to, ZoneId zone) {
        NavigableSet<Instant> ticks = new TreeSet<>();
        if (realTime) {
            for (Instant at = from.truncatedTo(ChronoUnit.MINUTES); !at.isAfter(to); at = at.plusSeconds(60)) {
                if (matches(LocalDateTime.ofInstant(at, zone))) {
                    ticks.add(at);
                }
            }
        } else {
            LocalDateTime last = LocalDateTime.ofInstant(to, ZoneOffset.UTC).plusDays(2);
            LocalDateTime at =
                    LocalDateTime.ofInstant(from, ZoneOffset.UTC).minusDays(2).truncatedTo(ChronoUnit.MINUTES);
            for (; !at.isAfter(last); at = at.plusMinutes(1)) {
                if (matches(at)) {
                    ZoneOffsetTransition change = zone.getRules().getTransition(at);
                    ticks.add(
                            change != null && change.isGap()
                                    ? change.getInstant()
                                    : at.atZone(zone).toInstant());
                }
            }
        }
        ticks.headSet(from, false).clear();
        ticks.tailSet(to, false).clear();
        return ticks;
    }

    private static BitSet values(String field, int least, int most) {
        BitSet values = new BitSet();
        for (String item : Splitter.on(',').split(field)) {
            List<String> rangeAndStep = Splitter.on('/').splitToList(item);
            int step = rangeAndStep.size() == 2 ? Integer.parseInt(rangeAndStep.get(1)) : 1;
            String range = rangeAndStep.get(0).equals("*") ? least + "-" + most : rangeAndStep.get(0);
            List<String> ends = Splitter.on('-').splitToList(range);
            int last = Integer.parseInt(ends.get(ends.size() - 1));
            for (int value = Integer.parseInt(ends.get(0)); value <= last; value += step) {
                values.set(value);
            }
        }
        return values;
    }
}
