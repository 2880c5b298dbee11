package io.trayb.monitoring.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PromDurationTest {
    @Test
    void the_largest_unit_that_divides_it_is_written() {
        assertThat(PromDuration.of(Duration.ofSeconds(15))).isEqualTo("15s");
        assertThat(PromDuration.of(Duration.ofSeconds(60))).isEqualTo("1m");
        assertThat(PromDuration.of(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(PromDuration.of(Duration.ofHours(6))).isEqualTo("6h");
    }

    @Test
    void nothing_and_fractions_of_a_second_are_refused() {
        assertThatThrownBy(() -> PromDuration.of(Duration.ZERO)).hasMessageContaining("whole number of seconds");
        assertThatThrownBy(() -> PromDuration.of(Duration.ofMillis(1500))).hasMessageContaining("PT1.5S");
    }
}
