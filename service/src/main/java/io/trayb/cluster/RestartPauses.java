package io.trayb.cluster;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before a process that ended is started again: longer after each quick death in a row, and give or take a fifth,
 * so that several that died of one cause don't all come back at once. Not thread-safe.
 */
final class RestartPauses {
    private static final double JITTER = 0.2;

    private final ClusterConfiguration configuration;
    private final DoubleSupplier random;
    private int quickDeaths;

    /** @param random numbers from 0 to 1 */
    RestartPauses(ClusterConfiguration configuration, DoubleSupplier random) {
        this.configuration = configuration;
        this.random = random;
    }

    /**
     * A process has ended.
     *
     * @param served for how long it had been ready; zero if it never was
     * @return how long to wait before the next one is started
     */
    Duration afterDeath(Duration served) {
        quickDeaths = served.compareTo(configuration.quickDeath().toJavaDuration()) < 0 ? quickDeaths + 1 : 0;
        double longest = configuration.restartMax().toMilliseconds();
        double pause = Math.min(
                longest, configuration.restartMin().toMilliseconds() * Math.pow(2, Math.max(0, quickDeaths - 1)));
        return Duration.ofMillis(Math.round(pause * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
    }

    /** Whether there have been as many in a row as are borne. */
    boolean areTooMany() {
        return quickDeaths >= configuration.maxQuickDeaths();
    }

    int quickDeaths() {
        return quickDeaths;
    }

    /** A process has served for long enough, or somebody has changed something: begin anew. */
    void forget() {
        quickDeaths = 0;
    }
}
