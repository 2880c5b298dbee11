package io.trayb.safety;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/**
 * What one run of the suite is.
 *
 * @param name of its files under {@code target/safety}
 * @param seed of the faults and of what each client draws
 * @param kinds which faults
 * @param chaos how long they go on, at least
 * @param longestPause between two of them
 * @param drain how long what is left may take afterwards, as long as anything gets done
 * @param bursting clients that submit short jobs as fast as they can while the faults begin
 * @param classes what goes before the service's own classes
 */
record Scenario(
        String name,
        long seed,
        EnumSet<Fault.Kind> kinds,
        Duration chaos,
        Duration longestPause,
        Duration drain,
        Workload workload,
        int bursting,
        List<Path> classes) {}
