package io.trayb.monitoring.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrinterTest {
    private static final Label QUEUE = Label.bounded("queue", 10);
    private static final Gauge OPEN = Gauge.ownShare("trayb_open", Unit.COUNT, "Open.");
    private static final Gauge WAITING = Gauge.sameFact("trayb_waiting", Unit.COUNT, "Waiting.", QUEUE);
    private static final Gauge OLDEST = Gauge.sameFact("trayb_oldest_seconds", Unit.SECONDS, "Oldest.", QUEUE)
            .largestCounts();
    private static final Counter LOST = Counter.of("trayb_lost_total", "Lost.");
    private static final Counter FAILED = Counter.of("trayb_failed_total", "Failed.", QUEUE);
    private static final Histogram DURATION =
            Histogram.ofSeconds("trayb_duration_seconds", "Duration.", List.of(0.5, 1.0), QUEUE);
    private static final Threshold LIMIT =
            Threshold.of("limit", 200, Unit.COUNT, Timing.over(Duration.ofMinutes(5)), "A reason.", "A source");
    private static final Thresholds THRESHOLDS = Thresholds.defaults(List.of(LIMIT));

    private static String printed(Vector vector) {
        return Printer.forRules(THRESHOLDS).print(vector);
    }

    @Test
    void instances_that_report_their_own_share_are_added() {
        assertThat(printed(PromQl.total(OPEN))).isEqualTo("sum(trayb_open)");
    }

    @Test
    void instances_that_report_the_same_fact_are_not_added() {
        assertThat(printed(PromQl.total(WAITING))).isEqualTo("sum(max by (queue) (trayb_waiting))");
        assertThat(printed(PromQl.totalBy(WAITING, List.of(QUEUE)))).isEqualTo("max by (queue) (trayb_waiting)");
    }

    @Test
    void ages_are_never_added() {
        assertThat(printed(PromQl.total(OLDEST))).isEqualTo("max(trayb_oldest_seconds)");
    }

    @Test
    void the_rate_is_taken_before_the_sum() {
        assertThat(printed(PromQl.perSecond(LOST, Window.of(Duration.ofMinutes(5)))))
                .isEqualTo("sum(rate(trayb_lost_total[5m]))");
    }

    @Test
    void a_counter_with_closed_labels_needs_no_care_for_births() {
        assertThat(printed(PromQl.inLastMinute(LOST))).isEqualTo("sum(increase(trayb_lost_total[1m]))");
    }

    @Test
    void a_series_that_a_client_brought_into_being_counts_from_its_first_value() {
        assertThat(printed(PromQl.inLastMinute(FAILED)))
                .isEqualTo("sum(((trayb_failed_total unless trayb_failed_total offset 1m) and on (job, instance)"
                        + " up offset 1m == 1) or increase(trayb_failed_total[1m]))");
    }

    @Test
    void a_mean_is_the_sum_over_the_count() {
        assertThat(printed(PromQl.meanBy(DURATION, Window.of(LIMIT), List.of(QUEUE))))
                .isEqualTo("sum by (queue) (rate(trayb_duration_seconds_sum[5m]))"
                        + " / sum by (queue) (rate(trayb_duration_seconds_count[5m]))");
    }

    @Test
    void a_quantile_keeps_the_buckets_bounds() {
        Vector p95 = PromQl.quantileBy(0.95, DURATION, Window.of(LIMIT), List.of(QUEUE), Matcher.is("queue", "a\"b\\"));
        assertThat(printed(p95))
                .isEqualTo("histogram_quantile(0.95, sum by (queue, le) (rate(trayb_duration_seconds_bucket"
                        + "{queue=\"a\\\"b\\\\\"}[5m])))");
    }

    @Test
    void the_threshold_in_force_is_printed() {
        Vector above = PromQl.total(OPEN).above(LIMIT);
        assertThat(printed(above)).isEqualTo("sum(trayb_open) > 200");
        assertThat(Printer.forRules(THRESHOLDS.with(Map.of("limit", 0.25))).print(above))
                .isEqualTo("sum(trayb_open) > 0.25");
    }

    @Test
    void parentheses_stand_where_operators_would_group_otherwise() {
        Vector sum = PromQl.gauge(OPEN);
        assertThat(printed(sum.dividedBy(sum.dividedBy(sum)))).isEqualTo("trayb_open / (trayb_open / trayb_open)");
        assertThat(printed(sum.dividedBy(sum).dividedBy(sum))).isEqualTo("trayb_open / trayb_open / trayb_open");
        assertThat(printed(PromQl.age(sum).times(2))).isEqualTo("(time() - trayb_open) * 2");
        assertThat(printed(PromQl.age(sum).above(2).and(sum.above(0))))
                .isEqualTo("time() - trayb_open > 2 and trayb_open > 0");
    }

    @Test
    void a_panel_is_narrowed_to_the_dashboards_job_and_instance() {
        assertThat(Printer.forDashboards(THRESHOLDS).print(PromQl.perSecond(LOST, Window.ofPanel())))
                .isEqualTo("sum(rate(trayb_lost_total{job=~\"$job\",instance=~\"$instance\"}[$__rate_interval]))");
    }

    @Test
    void a_window_that_a_threshold_lacks_is_refused() {
        Threshold atOnce = Threshold.of("atOnce", 1, Unit.COUNT, Timing.immediate(), "A reason.", "A source");
        assertThatThrownBy(() -> Window.of(atOnce))
                .hasMessageContaining("atOnce")
                .hasMessageContaining("window");
    }
}
