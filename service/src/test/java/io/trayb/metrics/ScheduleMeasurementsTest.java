package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.schedule.ScheduleMeasurements;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleMeasurementsTest {
    private final Collectors collectors = new Collectors(TraybCatalog.withDefaults());
    private final ScheduleMeasurements schedules = new ScheduleMeasurements(new ScheduleRecorder(collectors));

    @Test
    void what_came_of_a_tick_is_counted_and_is_there_from_the_start() {
        for (String result : new String[] {"on-time", "caught-up", "held", "skipped", "failed"}) {
            assertThat(ticks(result)).as(result).isZero();
        }

        schedules.ranOnTime(Duration.ofMillis(120));
        schedules.caughtUp();
        schedules.held();
        schedules.skipped();
        schedules.failed();

        for (String result : new String[] {"on-time", "caught-up", "held", "skipped", "failed"}) {
            assertThat(ticks(result)).as(result).isEqualTo(1);
        }
    }

    @Test
    void lateness_is_that_of_runs_on_time_alone() {
        schedules.ranOnTime(Duration.ofMillis(120));
        schedules.caughtUp();

        assertThat(collectors.registry().getSampleValue("trayb_schedule_lag_seconds_count"))
                .isEqualTo(1);
        assertThat(collectors.registry().getSampleValue("trayb_schedule_lag_seconds_sum"))
                .isEqualTo(0.12);
    }

    private double ticks(String result) {
        Double value = collectors
                .registry()
                .getSampleValue("trayb_schedule_ticks_total", new String[] {"result"}, new String[] {result});
        assertThat(value).as(result).isNotNull();
        return value;
    }
}
