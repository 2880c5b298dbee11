package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RoundsTest {
    private static final int MANY = 4_000;

    /** Far from zero and about to overflow, as the monotonic clock may be. */
    private static final long START = Long.MAX_VALUE - millis(5);

    private final Rounds rounds = new Rounds(START);

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void after_a_silence_the_first_event_waits_for_a_moment_that_few_dont_notice() {
        rounds.gather(START);

        assertThat(rounds.dueIn(10, START)).isEqualTo(5_000);
        assertThat(rounds.dueIn(MANY, START)).isEqualTo(millis(2));
        assertThat(rounds.dueIn(MANY, START + millis(2))).isZero();
    }

    @Test
    void what_comes_meanwhile_doesnt_make_it_later() {
        rounds.gather(START);
        rounds.gather(START + millis(1));

        assertThat(rounds.dueIn(MANY, START + millis(1))).isEqualTo(millis(1));
    }

    @Test
    void rounds_keep_a_distance_by_how_many_the_last_one_was_for() {
        rounds.gather(START);
        rounds.begin(MANY, START);
        assertThat(rounds.isGathering()).isFalse();

        rounds.gather(START + millis(1));

        assertThat(rounds.isGathering()).isTrue();
        assertThat(rounds.dueIn(10, START + millis(1))).isEqualTo(millis(79));
        assertThat(rounds.dueIn(10, START + millis(81))).isNegative();
    }

    @Test
    void events_are_handed_on_at_once_and_then_a_few_at_a_time_more_often_than_there_are_rounds() {
        assertThat(rounds.handingDueIn(START)).isZero();

        rounds.hand(MANY, START);

        assertThat(rounds.handingDueIn(START)).isEqualTo(millis(4));
        assertThat(rounds.handingDueIn(START + millis(6))).isNegative();
        rounds.hand(1_000_000, START);
        assertThat(rounds.handingDueIn(START)).isEqualTo(millis(100));
    }

    @Test
    void nobody_waits_for_more_than_a_tenth_of_a_second() {
        rounds.gather(START);
        assertThat(rounds.dueIn(1_000_000, START)).isEqualTo(millis(100));

        rounds.begin(1_000_000, START);
        rounds.gather(START);
        assertThat(rounds.dueIn(10, START)).isEqualTo(millis(100));
    }
}
