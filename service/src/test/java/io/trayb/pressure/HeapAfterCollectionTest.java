package io.trayb.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeapAfterCollectionTest {
    @Test
    void a_collection_says_how_much_is_free() {
        try (HeapAfterCollection heap = new HeapAfterCollection()) {
            heap.listen();
            assertThat(heap.freeBytes()).isEqualTo(Runtime.getRuntime().maxMemory());

            System.gc();

            await().until(() -> heap.freeBytes() < Runtime.getRuntime().maxMemory());
            assertThat(heap.freeBytes()).isPositive();
        }
    }

    /** As the collectors of JDK 17 to 25 are called. */
    @ParameterizedTest
    @CsvSource({
        "G1 Young Generation, true",
        "G1 Old Generation, true",
        "G1 Concurrent GC, false",
        "ZGC Cycles, true",
        "ZGC Pauses, false",
        "ZGC Major Cycles, true",
        "ZGC Minor Pauses, false",
        "Shenandoah Cycles, true",
        "Shenandoah Pauses, false",
        "PS MarkSweep, true",
        "Copy, true",
    })
    void a_pause_of_a_collection_that_goes_on_is_none(String collector, boolean frees) {
        assertThat(HeapAfterCollection.frees(collector)).isEqualTo(frees);
    }
}
