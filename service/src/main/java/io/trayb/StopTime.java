package io.trayb;

import java.time.Duration;

/** How long a service process may take to end; {@code config.yml} has the same sum, beside {@code server.shutdownGracePeriod}. */
final class StopTime {
    /** The last streams' last blocks, and in a cluster the second in which connections move to others. */
    private static final Duration STREAMS = Duration.ofSeconds(3);
    /** Fixed time-outs of what is stopped after the ports, if Postgres and Redis answer nobody. */
    private static final Duration FIXED = Duration.ofSeconds(90);

    private StopTime() {}

    /** Of a process of a cluster: its engines, if they are embedded, are the supervisor's. */
    static Duration of(TraybConfiguration configuration) {
        return configuration
                .readiness()
                .drainDelay()
                .toJavaDuration()
                .plus(configuration.events().drainWindow().toJavaDuration())
                .plus(STREAMS)
                .plus(configuration.jobs().shutdownGrace().toJavaDuration())
                .plus(configuration.server().getShutdownGracePeriod().toJavaDuration())
                .plus(FIXED);
    }

    /** @throws IllegalArgumentException when a cluster would kill processes that end in good order */
    static void requireWithinClusters(TraybConfiguration configuration) {
        Duration longest = of(configuration);
        Duration patience = configuration.cluster().stopWithin().toJavaDuration();
        if (patience.compareTo(longest) < 0) {
            throw new IllegalArgumentException("cluster.stopWithin is " + seconds(patience) + ", must be at least "
                    + seconds(longest) + ": so long a process may take to end, by readiness.drainDelay ("
                    + seconds(configuration.readiness().drainDelay().toJavaDuration()) + "), events.drainWindow ("
                    + seconds(configuration.events().drainWindow().toJavaDuration()) + "), jobs.shutdownGrace ("
                    + seconds(configuration.jobs().shutdownGrace().toJavaDuration()) + "), server.shutdownGracePeriod ("
                    + seconds(configuration.server().getShutdownGracePeriod().toJavaDuration()) + ") and "
                    + seconds(STREAMS.plus(FIXED)) + " that are fixed");
        }
    }

    /** Rounded up. */
    private static String seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds() + " s";
    }
}
