package io.trayb.monitoring.alert;

import io.trayb.monitoring.metric.Scrape;
import java.time.Duration;

/**
 * How densely a case's series are sampled, and how often its rules are evaluated. What looks back over days is proven with fewer
 * steps than Prometheus takes, or the proof would take longer than anybody waits.
 */
public enum Pace {
    /** As in production. */
    SCRAPES("rules.test.yml", Scrape.INTERVAL, Scrape.INTERVAL),
    /** For rules that look back over hours. */
    MINUTES("rules-over-hours.test.yml", Duration.ofMinutes(1), Duration.ofMinutes(5)),
    /** For rules that look back over days. */
    HOURS("rules-over-days.test.yml", Duration.ofMinutes(1), Duration.ofHours(1));

    private final String file;
    private final Duration sample;
    private final Duration evaluation;

    Pace(String file, Duration sample, Duration evaluation) {
        this.file = file;
        this.sample = sample;
        this.evaluation = evaluation;
    }

    /** The file that cases of this pace are written to. */
    public String file() {
        return file;
    }

    /** The time between two samples of a series. */
    public Duration sample() {
        return sample;
    }

    /** The time between two evaluations of the rules; a case must ask at a multiple of it. */
    public Duration evaluation() {
        return evaluation;
    }
}
