package io.trayb.monitoring.alert;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One promise of a proof: fed with these series, the alert fires so, or not at all.
 *
 * @param promise a sentence, unique within the alert
 * @param at when the question is asked, after the start of the series
 * @param firing every firing expected; empty when it must stay quiet
 * @param pace how densely the series are sampled
 */
public record Case(String promise, List<TestSeries> series, Duration at, List<Firing> firing, Pace pace) {
    /** A case at the pace of production. */
    public Case(String promise, List<TestSeries> series, Duration at, List<Firing> firing) {
        this(promise, series, at, firing, Pace.SCRAPES);
    }

    public Case {
        if (pace != Pace.SCRAPES && at.toSeconds() % pace.evaluation().toSeconds() != 0) {
            throw new IllegalArgumentException("case '" + promise + "' asks at " + at
                    + ", but must ask when rules are evaluated: every " + pace.evaluation());
        }
        series = List.copyOf(series);
        firing = List.copyOf(firing);
    }

    /**
     * An alert that fires.
     *
     * @param labels those of the sample, without the alert's own
     */
    public record Firing(Map<String, String> labels, double value) {
        public Firing {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }
}
