package io.trayb.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertTest {
    private static final Threshold LIMIT =
            Threshold.of("limit", 200, Unit.SECONDS, Timing.lasting(Duration.ofMinutes(2)), "A reason.", "A source");
    private static final Thresholds THRESHOLDS = Thresholds.defaults(List.of(LIMIT));

    private static AlertBuilder complete() {
        return Alert.alert("TraybTried")
                .in(Area.JOBS)
                .whenAbove(PromQl.constant(1), LIMIT)
                .severity(Severity.WARNING)
                .owner(Team.BACKEND)
                .summary("Something is the matter.")
                .describes("{{labels.instance}} is at {{value}}, above {{threshold}} for {{window}}.")
                .proof(thresholds -> List.of());
    }

    @Test
    void everything_that_is_missing_is_said_at_once() {
        assertThatThrownBy(() -> Alert.alert("tried").build())
                .hasMessageContaining("its name must match")
                .hasMessageContaining("an area")
                .hasMessageContaining("a condition")
                .hasMessageContaining("a severity")
                .hasMessageContaining("an owner")
                .hasMessageContaining("a summary")
                .hasMessageContaining("a description")
                .hasMessageContaining("a proof");
    }

    @Test
    void a_time_that_is_said_twice_is_refused() {
        assertThatThrownBy(() -> complete().lasting(LIMIT).build()).hasMessageContaining("said twice");
    }

    @Test
    void the_reader_is_told_what_the_rule_would_have_said() {
        Describing describing = new Describing(complete().build(), THRESHOLDS.with(Map.of("limit", 150.0)));
        assertThat(describing.forPrometheus())
                .isEqualTo("{{ $labels.instance }} is at {{ printf \"%.2f\" $value }} s, above 150 s for 2m.");
        assertThat(describing.whenFiring(151, Map.of("instance", "trayb-1")))
                .isEqualTo("trayb-1 is at 151.00 s, above 150 s for 2m.");
    }

    @Test
    void a_description_that_names_what_there_is_not_is_refused() {
        Describing describing =
                new Describing(complete().describes("{{treshold}}").build(), THRESHOLDS);
        assertThatThrownBy(describing::forPrometheus)
                .hasMessageContaining("TraybTried")
                .hasMessageContaining("treshold");
    }

    @Test
    void the_threshold_says_how_long_it_must_last() {
        assertThat(complete().build().hold(THRESHOLDS)).contains(Duration.ofMinutes(2));
    }
}
