package io.trayb.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClaimAheadTest {
    private final ClaimAhead ahead = new ClaimAhead(4, 1000);

    @Test
    void nothing_is_claimed_ahead_before_it_is_known_how_long_jobs_take() {
        assertThat(ahead.jobs()).isZero();
    }

    @Test
    void short_jobs_are_claimed_ahead_up_to_the_limit() {
        ran(500, Duration.ofNanos(10_000));

        assertThat(ahead.jobs()).isEqualTo(1000);
        assertThat(new ClaimAhead(4, 0).jobs()).isZero();
    }

    @Test
    void as_many_are_claimed_ahead_as_the_slots_work_off_in_20_ms() {
        ran(500, Duration.ofMillis(1));

        assertThat(ahead.jobs()).isBetween(78, 80);
    }

    @Test
    void jobs_that_take_longer_than_a_claim_are_not_claimed_ahead() {
        ran(500, Duration.ofNanos(10_000));

        ran(32, Duration.ofMillis(200));

        assertThat(ahead.jobs()).isZero();
    }

    @Test
    void jobs_that_get_no_thread_end_it_however_many_slots_there_are() {
        ClaimAhead many = new ClaimAhead(500, 1000);
        for (int i = 0; i < 500; i++) {
            many.ran(10_000);
        }
        assertThat(many.jobs()).isEqualTo(1000);

        many.stuck();

        assertThat(many.jobs()).isZero();
    }

    private void ran(int times, Duration each) {
        for (int i = 0; i < times; i++) {
            ahead.ran(each.toNanos());
        }
    }
}
