package io.trayb.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.catalog.TraybCatalog;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PressureLimitsTest {
    private static final long MIB = 1024 * 1024;

    private static PressureLimits limits(Map<String, Double> thresholds, long heapBytes) {
        return PressureLimits.of(TraybCatalog.with(thresholds).thresholds(), heapBytes);
    }

    @Test
    void a_large_heap_keeps_256_mebibytes_free_and_a_small_one_a_tenth() {
        assertThat(limits(Map.of(), 16_000 * MIB).heapFreeBytes()).isEqualTo(256 * MIB);
        assertThat(limits(Map.of(), 500 * MIB).heapFreeBytes()).isEqualTo(50 * MIB);
    }

    @Test
    void they_are_what_the_configuration_says() {
        PressureLimits limits = limits(
                Map.of("pressureDelaySeconds", 0.25, "pressureRequests", 7.0, "pressureConnectionWaiters", 3.0),
                500 * MIB);

        assertThat(limits).isEqualTo(new PressureLimits(Duration.ofMillis(250), 50 * MIB, 7, 3));
    }
}
