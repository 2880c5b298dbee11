package io.trayb.monitoring.metric;

import java.time.Duration;

/** How Prometheus meets the service, and what it says by itself about each target. */
public final class Scrape {
    /** The scrape job under which all instances of the service are found. */
    public static final String JOB = Origin.TRAYB.job();

    /** Four samples a minute: the least that {@code increase(x[1m])} can be trusted with. */
    public static final Duration INTERVAL = Duration.ofSeconds(15);

    /** 1 when the last scrape of a target went well. */
    public static final Gauge UP = Gauge.foreign(
            Origin.PROMETHEUS, "up", Unit.COUNT, "Whether the last scrape of the target went well (1) or not (0).");

    private Scrape() {}
}
