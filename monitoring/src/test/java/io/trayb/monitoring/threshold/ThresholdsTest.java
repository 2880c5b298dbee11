package io.trayb.monitoring.threshold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Unit;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
    private static final Histogram DURATION =
            Histogram.ofSeconds("trayb_duration_seconds", "Duration.", List.of(0.25, 0.5, 1.0));
    private static final Threshold DROPS = threshold("drops", 100);
    private static final Threshold LATENCY = threshold("latency", 0.5).onBoundOf(DURATION);
    private static final Thresholds DEFAULTS = Thresholds.defaults(List.of(DROPS, LATENCY));

    private static Threshold threshold(String name, double value) {
        return Threshold.of(name, value, Unit.COUNT, Timing.over(Duration.ofMinutes(1)), "A reason.", "A source");
    }

    @Test
    void the_code_has_the_default_and_the_configuration_the_last_word() {
        Thresholds overridden = DEFAULTS.with(Map.of("drops", 120.0));
        assertThat(DEFAULTS.value(DROPS)).isEqualTo(100);
        assertThat(overridden.value(DROPS)).isEqualTo(120);
        assertThat(overridden.value(LATENCY)).isEqualTo(0.5);
        assertThat(overridden.isOverridden(DROPS)).isTrue();
        assertThat(overridden.isOverridden(LATENCY)).isFalse();
    }

    @Test
    void everything_that_is_wrong_is_said_at_once() {
        Map<String, Double> wrong = new HashMap<>();
        wrong.put("dorps", 1.0);
        wrong.put("drops", -1.0);
        wrong.put("latency", 0.6);
        assertThatThrownBy(() -> DEFAULTS.with(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'dorps' is unknown; there are drops, latency")
                .hasMessageContaining("'drops' is -1.0, but must be a number above 0")
                .hasMessageContaining("'latency' is 0.6, but must be one of the buckets of trayb_duration_seconds");
    }

    @Test
    void a_key_without_a_value_is_refused() {
        Map<String, Double> empty = new HashMap<>();
        empty.put("drops", null);
        assertThatThrownBy(() -> DEFAULTS.with(empty)).hasMessageContaining("'drops' has no value");
    }

    @Test
    void a_latency_that_no_quantile_could_exceed_is_refused() {
        assertThatThrownBy(() -> DEFAULTS.with(Map.of("latency", 1.0))).hasMessageContaining("except the last");
        assertThatThrownBy(() -> DEFAULTS.with(Map.of("latency", Double.NaN))).hasMessageContaining("number above 0");
    }

    @Test
    void two_thresholds_of_one_name_are_refused() {
        assertThatThrownBy(() -> Thresholds.defaults(List.of(DROPS, threshold("drops", 1))))
                .hasMessageContaining("'drops' is declared twice");
    }

    @Test
    void a_number_without_a_reason_is_refused() {
        assertThatThrownBy(() -> Threshold.of("drops", 1, Unit.COUNT, Timing.immediate(), " ", "A source"))
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> Timing.over(Duration.ofMillis(1500))).hasMessageContaining("whole number of seconds");
    }
}
