package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyPaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int MIB = 1024 * 1024;

    private BodyPace pace = BodyPace.begun(0);
    private long now;

    @Test
    void a_body_that_comes_steadily_at_the_least_rate_passes_however_large_it_is() {
        for (long came = 0; came < BodyLimit.BATCH; came += BodyPace.LEAST_RATE) {
            comes(BodyPace.LEAST_RATE, SECOND);
            assertThat(pace.isTooSlow()).isFalse();
        }
    }

    @Test
    void so_does_one_that_comes_in_thrusts() {
        for (int i = 0; i < 100; i++) {
            comes(5 * BodyPace.LEAST_RATE, 5 * SECOND);
            assertThat(pace.isTooSlow()).isFalse();
        }
    }

    @Test
    void one_that_comes_at_half_that_rate_is_too_slow_after_twice_the_grace() {
        while (!pace.isTooSlow()) {
            comes(BodyPace.LEAST_RATE / 2, SECOND);
        }
        assertThat(now).isEqualTo(2 * BodyPace.GRACE.toNanos() + SECOND);
    }

    @Test
    void what_came_at_once_is_no_credit_for_hours() {
        comes(15 * MIB, 0);
        while (!pace.isTooSlow()) {
            comes(1, SECOND);
        }
        assertThat(now).isEqualTo(BodyPace.GRACE.toNanos() + SECOND);
    }

    @Test
    void a_process_that_was_frozen_for_an_hour_waited_five_seconds() {
        comes(0, 3_600 * SECOND);
        assertThat(pace.slackNanos()).isEqualTo(BodyPace.GRACE.toNanos() - 5 * SECOND);
        comes(0, 3_600 * SECOND);
        assertThat(pace.isTooSlow()).isFalse();
    }

    @Test
    void in_how_many_parts_it_is_told_what_came_makes_no_difference() {
        BodyPace before = pace.after(0, 4 * SECOND);

        BodyPace inParts = before;
        for (int i = 0; i < 8; i++) {
            inParts = inParts.after(256, 7 * SECOND);
        }

        assertThat(inParts).isEqualTo(before.after(2_048, 7 * SECOND));
    }

    @Test
    void a_look_at_a_clock_that_another_thread_has_overtaken_buys_nothing() {
        comes(0, 3 * SECOND);
        assertThat(pace.slackAt(2 * SECOND)).isEqualTo(pace.slackNanos());
    }

    private void comes(int bytes, long laterNanos) {
        now += laterNanos;
        pace = pace.after(bytes, now);
    }
}
