package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.catalog.TraybCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PgBouncerRecorderTest {
    private static final String PLACE = "pgbouncer-1:6432";
    private static final String HEARTBEAT = "trayb_pgbouncer_last_success_timestamp_seconds[" + PLACE + "]";

    private final Collectors collectors = new Collectors(TraybCatalog.withDefaults());
    private final PgBouncerRecorder recorder = new PgBouncerRecorder(collectors);

    @Test
    void nothing_is_exported_where_there_is_no_pgbouncer_to_ask() {
        assertThat(samples()).isEmpty();
    }

    @Test
    void its_silence_counts_from_when_it_is_first_to_be_asked() {
        recorder.watches(PLACE, Instant.ofEpochSecond(100));

        assertThat(samples()).containsExactly(Map.entry(HEARTBEAT, 100.0));
    }

    @Test
    void its_pools_are_exported_as_it_tells_them_and_no_more_once_it_is_lost() {
        recorder.saw(
                PLACE,
                List.of(new PgBouncerPool("trayb", "app", 1, 2, 3, 4, 5, Duration.ofMillis(600))),
                List.of(new PgBouncerTraffic("trayb", 70, Duration.ofMillis(8), Duration.ofMillis(9))),
                Instant.ofEpochSecond(200));

        assertThat(samples())
                .containsOnly(
                        Map.entry(HEARTBEAT, 200.0),
                        ofPool("active_clients", 1),
                        ofPool("waiting_clients", 2),
                        ofPool("active_servers", 3),
                        ofPool("idle_servers", 4),
                        ofPool("connecting_servers", 5),
                        ofPool("longest_wait_seconds", 0.6),
                        ofDatabase("transactions_per_second", 70),
                        ofDatabase("transaction_seconds", 0.008),
                        ofDatabase("wait_seconds", 0.009));

        recorder.lost();

        assertThat(samples()).containsExactly(Map.entry(HEARTBEAT, 200.0));
    }

    private static Map.Entry<String, Double> ofPool(String name, double value) {
        return Map.entry("trayb_pgbouncer_" + name + "[" + PLACE + ", trayb, app]", value);
    }

    private static Map.Entry<String, Double> ofDatabase(String name, double value) {
        return Map.entry("trayb_pgbouncer_" + name + "[" + PLACE + ", trayb]", value);
    }

    private Map<String, Double> samples() {
        Map<String, Double> samples = new TreeMap<>();
        Collections.list(collectors.registry().metricFamilySamples())
                .forEach(family ->
                        family.samples.forEach(sample -> samples.put(sample.name + sample.labelValues, sample.value)));
        return samples;
    }
}
