package io.trayb.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.schedule.Verdict.Run;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a tick that was found late. */
class VerdictTest {
    private static final Instant DUE = Instant.parse("2026-11-24T02:30:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void a_tick_that_has_just_come_runs_and_the_next_one_follows() {
        for (MissedRuns policy : MissedRuns.values()) {
            assertThat(judge(policy, HOUR, Duration.ZERO))
                    .isEqualTo(new Verdict(Run.ON_TIME, false, DUE, DUE.plus(HOUR)));
        }
    }

    @Test
    void a_tick_that_is_up_to_a_minute_late_still_runs() {
        for (MissedRuns policy : MissedRuns.values()) {
            assertThat(judge(policy, HOUR, Duration.ofSeconds(60)))
                    .isEqualTo(new Verdict(Run.ON_TIME, false, DUE, DUE.plus(HOUR)));
        }
    }

    @Test
    void a_tick_that_is_later_is_skipped_or_made_up_for() {
        Duration late = Duration.ofSeconds(60).plusMillis(1);

        assertThat(judge(MissedRuns.SKIP, HOUR, late)).isEqualTo(new Verdict(Run.NONE, true, DUE, DUE.plus(HOUR)));
        assertThat(judge(MissedRuns.ONCE, HOUR, late)).isEqualTo(new Verdict(Run.MAKES_UP, false, DUE, DUE.plus(HOUR)));
    }

    @Test
    void many_ticks_that_were_missed_are_skipped_or_made_up_for_by_one_run() {
        Duration late = HOUR.multipliedBy(1000).plusMinutes(30);

        assertThat(judge(MissedRuns.SKIP, HOUR, late))
                .isEqualTo(new Verdict(Run.NONE, true, DUE, DUE.plus(HOUR.multipliedBy(1001))));
        assertThat(judge(MissedRuns.ONCE, HOUR, late))
                .isEqualTo(new Verdict(Run.MAKES_UP, false, DUE, DUE.plus(HOUR.multipliedBy(1001))));
    }

    @Test
    void of_several_ticks_within_the_minute_the_latest_runs_and_the_others_were_missed() {
        Duration late = Duration.ofMillis(3_400);

        assertThat(judge(MissedRuns.SKIP, SECOND, late))
                .isEqualTo(new Verdict(Run.ON_TIME, true, DUE.plusSeconds(3), DUE.plusSeconds(4)));
        assertThat(judge(MissedRuns.ONCE, SECOND, late))
                .isEqualTo(new Verdict(Run.MAKES_UP, false, DUE.plusSeconds(3), DUE.plusSeconds(4)));
    }

    @Test
    void after_a_year_away_a_schedule_of_every_second_is_judged_at_once() {
        assertThat(judge(MissedRuns.SKIP, SECOND, Duration.ofDays(365)))
                .isEqualTo(new Verdict(
                        Run.ON_TIME,
                        true,
                        DUE.plus(Duration.ofDays(365)),
                        DUE.plus(Duration.ofDays(365)).plusSeconds(1)));
    }

    @Test
    void a_cron_schedule_is_judged_alike() {
        Schedule nightly = schedule(MissedRuns.SKIP, "30 2 * * *", null);
        Ticks ticks = Ticks.of(nightly.definition(), DUE);

        assertThat(Verdict.of(nightly, ticks, DUE.plusSeconds(10)).run()).isEqualTo(Run.ON_TIME);
        assertThat(Verdict.of(nightly, ticks, DUE.plusSeconds(3600)))
                .isEqualTo(new Verdict(Run.NONE, true, DUE, DUE.plus(Duration.ofDays(1))));
    }

    private static Verdict judge(MissedRuns policy, Duration interval, Duration late) {
        Schedule schedule = schedule(policy, null, interval);
        return Verdict.of(schedule, Ticks.of(schedule.definition(), schedule.startsAt()), DUE.plus(late));
    }

    private static Schedule schedule(MissedRuns policy, @Nullable String cron, @Nullable Duration interval) {
        ScheduleDefinition definition = new ScheduleDefinition(
                "s", cron, interval, "UTC", policy, true, JobSubmission.of("default", "noop", "null"));
        Instant start = interval == null ? DUE : DUE.minus(interval);
        return new Schedule(definition, start, DUE, null, null, start);
    }
}
