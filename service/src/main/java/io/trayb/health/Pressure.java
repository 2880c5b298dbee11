package io.trayb.health;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/**
 * How hard-pressed this process is, as {@code /readyz} shows it. Shown and not counted: turning traffic away from a node
 * because it is busy makes the next one busier.
 *
 * @param status {@code ok}, or {@code high} when the heap is nine tenths full
 * @param heapUsed the share of the heap's limit that is in use, garbage included, 0 to 1
 */
record Pressure(String status, double heapUsed) {
    private static final double HIGH = 0.9;

    static Pressure now() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        double used = Math.round(100.0 * heap.getUsed() / heap.getMax()) / 100.0;
        return new Pressure(used < HIGH ? "ok" : "high", used);
    }
}
