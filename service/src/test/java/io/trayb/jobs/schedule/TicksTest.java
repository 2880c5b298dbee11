package io.trayb.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.ScheduleDefinition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a schedule is due, above all where a zone's clock is put forward or back. */
class TicksTest {
    private static final String VIENNA = "Europe/Vienna";
    private static final LocalDate VIENNA_FORWARD = LocalDate.parse("2026-03-29");
    private static final LocalDate VIENNA_BACK = LocalDate.parse("2026-10-25");

    @Test
    void a_time_that_the_clock_skips_is_due_once_at_the_change() {
        assertThat(ticksOf("30 2 * * *", VIENNA, VIENNA_FORWARD)).containsExactly("2026-03-29T03:00+02:00");
        assertThat(ticksOf("0,15,30 2 * * *", VIENNA, VIENNA_FORWARD)).containsExactly("2026-03-29T03:00+02:00");
        assertThat(ticksOf("0 1-4 * * *", VIENNA, VIENNA_FORWARD))
                .containsExactly("2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
    }

    @Test
    void a_time_that_comes_twice_is_due_the_first_time() {
        assertThat(ticksOf("30 2 * * *", VIENNA, VIENNA_BACK)).containsExactly("2026-10-25T02:30+02:00");
        assertThat(ticksOf("0 1-4 * * *", VIENNA, VIENNA_BACK))
                .containsExactly(
                        "2026-10-25T01:00+02:00",
                        "2026-10-25T02:00+02:00",
                        "2026-10-25T03:00+01:00",
                        "2026-10-25T04:00+01:00");
        assertThat(ticksOf("0-59 2 * * *", VIENNA, VIENNA_BACK)).hasSize(60);
    }

    @Test
    void between_changes_a_time_of_day_stays_that_time_of_day() {
        assertThat(ticksOf("0 17 * * *", VIENNA, VIENNA_FORWARD.minusDays(1)))
                .containsExactly("2026-03-28T17:00+01:00");
        assertThat(ticksOf("0 17 * * *", VIENNA, VIENNA_FORWARD)).containsExactly("2026-03-29T17:00+02:00");
        assertThat(ticksOf("0 17 * * *", VIENNA, VIENNA_BACK)).containsExactly("2026-10-25T17:00+01:00");
    }

    @Test
    void an_expression_with_a_star_in_its_minutes_or_hours_goes_with_real_time() {
        assertThat(ticksOf("*/15 * * * *", VIENNA, VIENNA_FORWARD)).hasSize(23 * 4);
        assertThat(ticksOf("*/15 * * * *", VIENNA, VIENNA_BACK)).hasSize(25 * 4);
        assertThat(ticksOf("30 * * * *", VIENNA, VIENNA_FORWARD)).hasSize(23).doesNotContain("2026-03-29T03:00+02:00");
        assertThat(ticksOf("30 * * * *", VIENNA, VIENNA_BACK))
                .hasSize(25)
                .contains("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00");
        assertThat(ticksOf("*/30 2 * * *", VIENNA, VIENNA_FORWARD)).isEmpty();
        assertThat(ticksOf("*/30 2 * * *", VIENNA, VIENNA_BACK)).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        // The southern spring and autumn.
        "30 2 * * *, Australia/Sydney, 2026-10-04, 2026-10-04T03:00+11:00",
        "30 2 * * *, Australia/Sydney, 2026-04-05, 2026-04-05T02:30+11:00",
        // A clock that is put forward at midnight: the day begins at one.
        "0 0 * * *, America/Santiago, 2026-09-06, 2026-09-06T01:00-03:00",
        "30 23 * * *, America/Santiago, 2026-04-04, 2026-04-04T23:30-03:00",
        // Half an hour, from 02:00 to 02:30 and back to 01:30.
        "15 2 * * *, Australia/Lord_Howe, 2026-10-04, 2026-10-04T02:30+11:00",
        "45 2 * * *, Australia/Lord_Howe, 2026-10-04, 2026-10-04T02:45+11:00",
        "45 1 * * *, Australia/Lord_Howe, 2026-04-05, 2026-04-05T01:45+11:00",
        "15 2 * * *, Australia/Lord_Howe, 2026-04-05, 2026-04-05T02:15+10:30",
        // No change at all.
        "30 2 * * *, UTC, 2026-03-29, 2026-03-29T02:30Z",
        "45 5 * * *, Asia/Kathmandu, 2026-03-29, 2026-03-29T05:45+05:45",
    })
    void it_is_so_in_every_zone(String cron, String zone, LocalDate day, OffsetDateTime tick) {
        assertThat(ticksOf(cron, zone, day)).containsExactly(tick.toString());
    }

    @Test
    void half_an_hour_that_comes_twice_has_three_quarters_more() {
        assertThat(ticksOf("*/15 * * * *", "Australia/Lord_Howe", LocalDate.parse("2026-04-05")))
                .hasSize(24 * 4 + 2);
        assertThat(ticksOf("*/15 * * * *", "Australia/Lord_Howe", LocalDate.parse("2026-10-04")))
                .hasSize(24 * 4 - 2);
    }

    @Test
    void a_day_that_a_zone_never_had_runs_at_the_beginning_of_the_next() {
        assertThat(ticks("0 12 30 12 *", "Pacific/Apia").after(Instant.parse("2011-12-20T00:00:00Z")))
                .contains(Instant.parse("2011-12-30T10:00:00Z")); // 2011-12-31T00:00+14:00
    }

    /** Around every change of the clock in these zones, whatever the expression, from whatever moment one asks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Vienna", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago", "America/New_York",
                "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia", "UTC"
            })
    void the_next_tick_is_the_one_that_a_clock_on_the_wall_shows(String zoneName) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomCron expressions = new RandomCron(random);
        ZoneId zone = ZoneId.of(zoneName);
        for (int i = 0; i < 60; i++) {
            String cron = expressions.next();
            Instant change = aChange(zone, random);
            Instant from = change.minus(Duration.ofHours(30));
            Instant to = change.plus(Duration.ofHours(30));
            NavigableSet<Instant> expected = new WallClock(cron).ticks(from, to, zone);
            if (expected.isEmpty()) {
                continue;
            }
            Ticks ticks = ticks(cron, zoneName);
            for (int k = 0; k < 10; k++) {
                Instant moment = from.plusMillis(
                        random.nextInt((int) Duration.between(from, to).toMillis()));
                Instant next = ticks.after(moment).orElseThrow();

                assertThat(next)
                        .as("%s in %s after %s, seed %d", cron, zone, moment, seed)
                        .isAfter(moment);
                assertThat(next.isAfter(to) ? null : next)
                        .as("%s in %s after %s, seed %d", cron, zone, moment, seed)
                        .isEqualTo(expected.higher(moment));
            }
            if (expected.size() > 100) {
                continue;
            }
            // One after the other: none left out, none twice.
            List<Instant> walked = new ArrayList<>();
            for (Instant at = ticks.after(from.minusNanos(1)).orElseThrow();
                    !at.isAfter(to);
                    at = ticks.after(at).orElseThrow()) {
                walked.add(at);
            }
            assertThat(walked)
                    .as("%s in %s from %s, seed %d", cron, zone, from, seed)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void an_interval_is_counted_from_its_start_however_late_one_looks() {
        Instant start = Instant.parse("2026-11-24T08:00:00.123Z");
        Ticks ticks = new IntervalTicks(start, Duration.ofSeconds(90));

        assertThat(ticks.after(start)).contains(start.plusSeconds(90));
        assertThat(ticks.after(start.plusSeconds(89))).contains(start.plusSeconds(90));
        assertThat(ticks.after(start.plusSeconds(90))).contains(start.plusSeconds(180));
        assertThat(ticks.after(start.plusSeconds(90).plusNanos(1))).contains(start.plusSeconds(180));
        assertThat(ticks.after(start.plusSeconds(1_000_000))).contains(start.plusSeconds(1_000_080));
        assertThat(ticks.after(start.minusSeconds(3600)))
                .as("the clock was put back: the first tick is still one interval after the start")
                .contains(start.plusSeconds(90));
    }

    @Test
    void the_next_tick_of_an_interval_is_after_the_moment_and_at_most_an_interval_away() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Instant start = Instant.parse("2026-11-24T08:00:00.123Z");
        for (int i = 0; i < 10_000; i++) {
            Duration every = Duration.ofMillis(
                    1000 + random.nextLong(Duration.ofDays(366).toMillis() - 999));
            Instant moment =
                    start.plusNanos(random.nextLong(Duration.ofDays(50_000).toNanos()));
            Instant next = new IntervalTicks(start, every).after(moment).orElseThrow();

            assertThat(next).as("seed %d", seed).isAfter(moment).isBeforeOrEqualTo(moment.plus(every));
            assertThat(Duration.between(start, next).toMillis() % every.toMillis())
                    .as("seed %d", seed)
                    .isZero();
        }
    }

    @Test
    void a_zone_that_this_jvm_does_not_know_is_refused_when_it_is_asked_for() {
        assertThatThrownBy(() -> ticks("0 0 * * *", "Mars/Olympus_Mons")).isInstanceOf(DateTimeException.class);
    }

    private static Instant aChange(ZoneId zone, Random random) {
        Instant somewhen = Instant.parse("2011-06-01T00:00:00Z").plus(random.nextInt(20 * 365), ChronoUnit.DAYS);
        ZoneOffsetTransition change = zone.getRules().nextTransition(somewhen);
        return change == null ? somewhen : change.getInstant();
    }

    private static Ticks ticks(String cron, String zone) {
        return Ticks.of(
                new ScheduleDefinition(
                        "s", cron, null, zone, MissedRuns.SKIP, true, JobSubmission.of("default", "noop", "null")),
                Instant.EPOCH);
    }

    /** All ticks of one local day. */
    private static List<String> ticksOf(String cron, String zone, LocalDate day) {
        ZoneId zoneId = ZoneId.of(zone);
        Instant end = day.plusDays(1).atStartOfDay(zoneId).toInstant();
        Ticks ticks = ticks(cron, zone);
        List<String> found = new ArrayList<>();
        for (Instant at = ticks.after(day.atStartOfDay(zoneId).toInstant().minusNanos(1))
                        .orElseThrow();
                at.isBefore(end);
                at = ticks.after(at).orElseThrow()) {
            found.add(at.atZone(zoneId).toOffsetDateTime().toString());
        }
        return found;
    }
}
