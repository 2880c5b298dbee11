package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.threshold.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CollectorsTest {
    private static final Label QUEUE = Label.bounded("queue", 2);
    private static final Label REASON = Label.closed("reason", Reason.class);
    private static final Counter LOST = Counter.of("trayb_lost_total", "Lost.", REASON);
    private static final Counter DONE = Counter.of("trayb_done_total", "Done.", QUEUE);
    private static final Gauge WAITING =
            Gauge.sameFact("trayb_waiting", Unit.COUNT, "Waiting.", QUEUE).alsoKnownAs("trayb_old_waiting");
    private static final Gauge OLDEST = Gauge.sameFact("trayb_oldest_seconds", Unit.SECONDS, "Oldest.", QUEUE)
            .largestCounts();
    private static final Histogram TIME = Histogram.ofSeconds("trayb_time_seconds", "Time.", List.of(0.5, 1.0), QUEUE);

    private final Collectors collectors = new Collectors(catalog(LOST, DONE, WAITING, OLDEST, TIME));

    private enum Reason implements LabelValue {
        SLOW,
        GONE;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static Catalog catalog(Metric... metrics) {
        return new Catalog(
                List.of(metrics), Thresholds.defaults(List.of()), List.of(), List.of(), List.of(), List.of());
    }

    private Double sample(String name) {
        return collectors.registry().getSampleValue(name);
    }

    private Double sample(String name, String label, String value) {
        return collectors.registry().getSampleValue(name, new String[] {label}, new String[] {value});
    }

    @Test
    void what_is_not_declared_cannot_be_exported() {
        assertThatThrownBy(() -> collectors.counter(Counter.of("trayb_other_total", "Other.")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metric trayb_other_total must be declared in the catalogue before it can be exported");
    }

    @Test
    void the_start_is_refused_while_something_declared_is_not_fed() {
        collectors.counter(LOST);
        collectors.gauge(WAITING);
        collectors.histogram(TIME);
        assertThatThrownBy(collectors::requireComplete)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("nothing has a collector for trayb_done_total, trayb_oldest_seconds");
        collectors.counter(DONE);
        collectors.gauge(OLDEST);
        collectors.requireComplete();
    }

    @Test
    void each_declared_metric_of_which_the_collector_is_dropped_stops_the_start() {
        Catalog catalog = TraybCatalog.withDefaults();
        for (Metric dropped : catalog.ownMetrics()) {
            Collectors all = new Collectors(catalog);
            catalog.ownMetrics().stream()
                    .filter(metric -> !metric.equals(dropped))
                    .forEach(metric -> claim(all, metric));
            assertThatThrownBy(all::requireComplete)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("nothing has a collector for " + dropped.name());
        }
    }

    private static void claim(Collectors collectors, Metric metric) {
        if (metric instanceof Counter counter) {
            collectors.counter(counter);
        } else if (metric instanceof Gauge gauge) {
            collectors.gauge(gauge);
        } else if (metric instanceof Histogram histogram) {
            collectors.histogram(histogram);
        }
    }

    @Test
    void closed_label_values_are_exported_at_zero_before_anything_happens() {
        collectors.counter(LOST);
        assertThat(sample("trayb_lost_total", "reason", "slow")).isZero();
        assertThat(sample("trayb_lost_total", "reason", "gone")).isZero();
    }

    @Test
    void a_value_that_a_closed_label_cannot_have_is_refused() {
        assertThatThrownBy(() -> collectors.counter(LOST).inc("lazy"))
                .hasMessage("label reason of trayb_lost_total is 'lazy', but must be one of [slow, gone]");
        assertThatThrownBy(() -> collectors.counter(LOST).inc()).hasMessageContaining("a value for each of [reason]");
    }

    @Test
    void values_that_clients_choose_are_counted_together_past_the_limit() {
        CounterHandle done = collectors.counter(DONE);
        done.inc("a");
        done.inc("b");
        done.inc("c");
        done.inc("d");
        done.inc("a");
        assertThat(sample("trayb_done_total", "queue", "a")).isEqualTo(2);
        assertThat(sample("trayb_done_total", "queue", "b")).isEqualTo(1);
        assertThat(sample("trayb_done_total", "queue", "other")).isEqualTo(2);
        assertThat(sample("trayb_done_total", "queue", "c")).isNull();
    }

    @Test
    void many_at_once_never_get_past_the_limit() {
        CounterHandle done = collectors.counter(DONE);
        CompletableFuture.allOf(IntStream.range(0, 64)
                        .mapToObj(number -> CompletableFuture.runAsync(() -> done.inc("queue-" + number)))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(sample("trayb_done_total", "queue", "other")).isEqualTo(62);
    }

    @Test
    void a_snapshot_replaces_all_values_and_what_it_lacks_is_exported_no_more() {
        GaugeHandle waiting = collectors.gauge(WAITING);
        waiting.replaceAll(Map.of(List.of("a"), 3.0, List.of("b"), 4.0));
        assertThat(sample("trayb_old_waiting")).isEqualTo(7);
        waiting.replaceAll(Map.of(List.of("b"), 5.0));
        assertThat(sample("trayb_waiting", "queue", "a")).isNull();
        assertThat(sample("trayb_waiting", "queue", "b")).isEqualTo(5);
        assertThat(sample("trayb_old_waiting")).isEqualTo(5);
    }

    @Test
    void queues_that_are_counted_together_add_their_jobs_but_not_their_ages() {
        Map<List<String>, Double> snapshot = Map.of(List.of("a"), 1.0, List.of("b"), 2.0);
        Map<List<String>, Double> more = Map.of(List.of("c"), 3.0, List.of("d"), 4.0);
        collectors.gauge(WAITING).replaceAll(snapshot);
        collectors.gauge(WAITING).replaceAll(more);
        collectors.gauge(OLDEST).replaceAll(more);
        assertThat(sample("trayb_waiting", "queue", "other")).isEqualTo(7);
        assertThat(sample("trayb_oldest_seconds", "queue", "other")).isEqualTo(4);
    }

    @Test
    void times_fall_into_the_declared_buckets() {
        collectors.histogram(TIME).observe(Duration.ofMillis(700), "a");
        String[] labels = {"queue", "le"};
        assertThat(collectors.registry().getSampleValue("trayb_time_seconds_bucket", labels, new String[] {"a", "0.5"}))
                .isZero();
        assertThat(collectors.registry().getSampleValue("trayb_time_seconds_bucket", labels, new String[] {"a", "1.0"}))
                .isEqualTo(1);
        assertThat(sample("trayb_time_seconds_sum", "queue", "a")).isEqualTo(0.7);
    }
}
