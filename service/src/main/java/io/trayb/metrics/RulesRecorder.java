package io.trayb.metrics;

import io.trayb.monitoring.catalog.ServiceMetrics;
import io.trayb.monitoring.catalog.ServiceMetrics.ComparisonResult;

/** Exports how the rules that Prometheus has loaded differ from this process' own. Thread-safe. */
public final class RulesRecorder {
    private final GaugeHandle differing;
    private final CounterHandle comparisons;

    RulesRecorder(Collectors collectors) {
        differing = collectors.gauge(ServiceMetrics.RULES_DIFFERING);
        comparisons = collectors.counter(ServiceMetrics.COMPARISONS);
    }

    /** A comparison found so many rules that differ. */
    void compared(int rules) {
        differing.set(rules);
        comparisons.inc((rules == 0 ? ComparisonResult.SAME : ComparisonResult.DIFFERENT).label());
    }

    /** Prometheus couldn't be asked; what was found before stays. */
    void failed() {
        comparisons.inc(ComparisonResult.FAILED.label());
    }
}
