package io.trayb.pressure;

import java.util.List;

/**
 * How hard-pressed this process is, as {@code /readyz} shows it. Shown and not counted: turning all traffic away from a node because
 * it is busy makes the next one busier.
 *
 * @param status {@code ok}, or {@code high} while requests are refused
 * @param reasons why they are; none when {@code ok}
 * @param delayMs how long work waits for its thread, at worst within the last second, in milliseconds
 * @param heapUsed the share of the heap's limit that the last collection of garbage left in use, 0 to 1
 * @param requests how many requests hold a thread
 * @param connectionWaiters how many threads wait for a connection to Postgres
 */
public record PressureState(
        String status, List<String> reasons, long delayMs, double heapUsed, int requests, int connectionWaiters) {
    public PressureState {
        reasons = List.copyOf(reasons);
    }
}
