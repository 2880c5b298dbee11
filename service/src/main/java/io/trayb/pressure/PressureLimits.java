package io.trayb.pressure;

import io.trayb.monitoring.catalog.LoadShedding;
import io.trayb.monitoring.threshold.Thresholds;
import java.time.Duration;

/**
 * From when on requests are refused. Immutable.
 *
 * @param delay work that waits for its thread for longer
 * @param heapFreeBytes a collection of garbage that leaves less free than this
 * @param requests more requests than this at once
 * @param connectionWaiters more threads than this that wait for a connection to Postgres
 */
public record PressureLimits(Duration delay, long heapFreeBytes, int requests, int connectionWaiters) {
    public PressureLimits {
        require(requests >= 1, "pressureRequests", requests, "at least 1");
        require(connectionWaiters >= 1, "pressureConnectionWaiters", connectionWaiters, "at least 1");
    }

    private static void require(boolean valid, String threshold, Object value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "threshold '" + threshold + "' comes to " + value + " here, and must be " + allowed);
        }
    }

    /**
     * As the thresholds have them.
     *
     * @param heapBytes the most that the heap may take
     */
    public static PressureLimits of(Thresholds thresholds, long heapBytes) {
        double share = thresholds.value(LoadShedding.LEAST_HEAP_FREE_SHARE);
        require(share < 1, "pressureHeapFreeShare", share, "less than 1: that much is never free");
        double leastFree = Math.min(thresholds.value(LoadShedding.LEAST_HEAP_FREE), share * heapBytes);
        return new PressureLimits(
                Duration.ofNanos(Math.round(thresholds.value(LoadShedding.MOST_DELAY) * 1e9)),
                (long) leastFree,
                (int) Math.min(Integer.MAX_VALUE, thresholds.value(LoadShedding.MOST_REQUESTS)),
                (int) Math.min(Integer.MAX_VALUE, thresholds.value(LoadShedding.MOST_WAITERS)));
    }
}
