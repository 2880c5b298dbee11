package io.trayb.health;

import java.time.Duration;

/**
 * Hears of each probe of each dependency, for metrics.
 *
 * <p>Called by the probes' threads, several at once for different dependencies; must not block and must not throw.
 */
@FunctionalInterface
public interface DependencyObserver {
    /**
     * A probe is done.
     *
     * @param dependency {@code postgres}, {@code redis} or {@code queue}
     * @param up whether it is as it should be
     * @param latency how long it took to find out
     */
    void probed(String dependency, boolean up, Duration latency);
}
