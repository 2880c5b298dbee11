package io.trayb.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 2000", "5, 16000", "10, 512000", "11, 600000", "50, 600000"})
    void doubles_from_one_second_to_ten_minutes(int attempt, long expectedMs) {
        assertThat(Backoff.standard(() -> 0.5).after(attempt)).isEqualTo(Duration.ofMillis(expectedMs));
    }

    @Test
    void jitters_by_a_fifth_either_way() {
        assertThat(Backoff.standard(() -> 0).after(1)).isEqualTo(Duration.ofMillis(800));
        assertThat(Backoff.standard(() -> 1).after(1)).isEqualTo(Duration.ofMillis(1200));
    }

    @Test
    void refuses_an_attempt_that_cannot_be() {
        assertThatThrownBy(() -> Backoff.standard(() -> 0).after(0))
                .hasMessage("attempt is '0', but must be 1 or more");
    }
}
