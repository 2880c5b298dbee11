package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPausesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private double random = 0.5;
    private final RestartPauses pauses = new RestartPauses(ClusterConfiguration.defaults(), () -> random);

    @Test
    void each_quick_death_doubles_the_pause_up_to_the_longest() {
        assertThat(pauses.afterDeath(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(pauses.afterDeath(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauses.afterDeath(Duration.ZERO)).isEqualTo(Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) {
            pauses.afterDeath(Duration.ZERO);
        }
        assertThat(pauses.afterDeath(Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void it_is_a_fifth_longer_or_shorter_by_chance() {
        random = 0;
        assertThat(pauses.afterDeath(LONG)).isEqualTo(Duration.ofMillis(400));
        random = 1;
        assertThat(pauses.afterDeath(LONG)).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void five_quick_deaths_in_a_row_are_too_many_and_one_long_life_makes_good_for_all() {
        for (int i = 0; i < 4; i++) {
            pauses.afterDeath(Duration.ZERO);
        }
        assertThat(pauses.areTooMany()).isFalse();
        pauses.afterDeath(Duration.ZERO);
        assertThat(pauses.areTooMany()).isTrue();

        assertThat(pauses.afterDeath(LONG)).isEqualTo(Duration.ofMillis(500));
        assertThat(pauses.areTooMany()).isFalse();
    }

    @Test
    void an_operator_who_changes_something_begins_anew() {
        for (int i = 0; i < 5; i++) {
            pauses.afterDeath(Duration.ZERO);
        }
        pauses.forget();

        assertThat(pauses.areTooMany()).isFalse();
        assertThat(pauses.afterDeath(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
    }
}
