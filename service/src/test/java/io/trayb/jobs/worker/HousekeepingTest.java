package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    @Test
    void a_due_job_that_another_process_has_in_its_hands_is_not_looked_for_without_a_pause() {
        assertThat(lookAfter(Duration.ofSeconds(-3))).hasMillis(20);
        assertThat(lookAfter(Duration.ZERO)).hasMillis(20);
    }

    @Test
    void the_next_look_is_when_the_next_job_is_due() {
        assertThat(lookAfter(Duration.ofMillis(123))).hasMillis(123);
    }

    @Test
    void a_job_that_another_node_delays_meanwhile_is_late_by_half_a_second_at_most() {
        assertThat(lookAfter(Duration.ofDays(365))).hasMillis(500);
        assertThat(Housekeeping.untilNextLook(Optional.empty())).hasMillis(500);
    }

    private static Duration lookAfter(Duration untilNextDue) {
        return Housekeeping.untilNextLook(Optional.of(untilNextDue));
    }
}
