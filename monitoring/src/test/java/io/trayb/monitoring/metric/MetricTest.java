package io.trayb.monitoring.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricTest {
    @Test
    void a_name_says_whose_it_is_and_what_kind() {
        assertThatThrownBy(() -> Counter.of("lost_total", "Lost."))
                .hasMessageContaining("'lost_total'")
                .hasMessageContaining("trayb_");
        assertThatThrownBy(() -> Counter.of("trayb_lost", "Lost.")).hasMessageContaining("_total");
        assertThatThrownBy(() -> Gauge.ownShare("trayb_lost_total", Unit.COUNT, "Lost."))
                .hasMessageContaining("_total");
        assertThatThrownBy(() -> Histogram.ofSeconds("trayb_time", "Time.", List.of(1.0)))
                .hasMessageContaining("_seconds");
        assertThatThrownBy(() -> Counter.of("trayb_Lost_total", "Lost.")).hasMessageContaining("must match");
    }

    @Test
    void help_is_a_sentence() {
        assertThatThrownBy(() -> Counter.of("trayb_lost_total", "lost")).hasMessageContaining("full stop");
    }

    @Test
    void a_label_stands_once_and_each_of_its_values_too() {
        Label queue = Label.bounded("queue", 10);
        assertThatThrownBy(() -> Counter.of("trayb_lost_total", "Lost.", queue, queue))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> new Label("kind", List.of("a", "a"), 0)).hasMessageContaining("twice");
        assertThatThrownBy(() -> new Label("kind", List.of(), 0)).hasMessageContaining("limit above 0");
        assertThatThrownBy(() -> new Label("Kind", List.of("a"), 0)).hasMessageContaining("must match");
    }

    @Test
    void buckets_rise() {
        assertThatThrownBy(() -> Histogram.ofSeconds("trayb_time_seconds", "Time.", List.of(1.0, 1.0)))
                .hasMessageContaining("must rise");
        assertThatThrownBy(() -> Histogram.ofSeconds("trayb_time_seconds", "Time.", List.of()))
                .hasMessageContaining("must rise");
    }

    @Test
    void a_quantile_exceeds_every_bound_but_the_last() {
        Histogram histogram = Histogram.ofSeconds("trayb_time_seconds", "Time.", List.of(0.5, 1.0));
        assertThat(histogram.canBeExceeded(0.5)).isTrue();
        assertThat(histogram.canBeExceeded(1.0)).isFalse();
        assertThat(histogram.canBeExceeded(0.7)).isFalse();
    }

    @Test
    void numbers_are_written_plainly() {
        assertThat(Decimal.plain(200)).isEqualTo("200");
        assertThat(Decimal.plain(0.05)).isEqualTo("0.05");
        assertThat(Decimal.plain(1e7)).isEqualTo("10000000");
        assertThatThrownBy(() -> Decimal.plain(Double.NaN)).isInstanceOf(NumberFormatException.class);
    }
}
