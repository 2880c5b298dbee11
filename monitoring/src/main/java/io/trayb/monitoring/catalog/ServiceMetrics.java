package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import io.trayb.monitoring.metric.Unit;
import java.util.Locale;

/** Which build this is, and which rules it was built with. */
public final class ServiceMetrics {
    /** A process has one value; the limit only has to be above 0. */
    private static final int ONE = 1;

    public static final Label FINGERPRINT_LABEL = Label.bounded("fingerprint", ONE);

    public static final Gauge BUILD_INFO = Gauge.ownShare(
            "trayb_build_info",
            Unit.COUNT,
            "Always 1; the label says which build it is.",
            Label.bounded("version", ONE));
    public static final Gauge FINGERPRINT_INFO = Gauge.ownShare(
            "trayb_monitoring_fingerprint_info",
            Unit.COUNT,
            "Always 1; the label says with which rules this process was built.",
            FINGERPRINT_LABEL);

    /** All processes ask the same Prometheus, so that they tell the same fact. */
    public static final Gauge RULES_DIFFERING = Gauge.sameFact(
                    "trayb_monitoring_rules_differing",
                    Unit.COUNT,
                    "Rules that Prometheus lacks, has loaded otherwise or has too many of, as this process found when it last"
                            + " compared; 0 where PROMETHEUS_URL isn't set.")
            .largestCounts();

    public static final Label COMPARISON_RESULT = Label.closed("result", ComparisonResult.class);
    public static final Counter COMPARISONS = Counter.of(
            "trayb_monitoring_comparisons_total",
            "Comparisons of the rules that Prometheus has loaded with those of this process.",
            COMPARISON_RESULT);

    private ServiceMetrics() {}

    /** What a comparison found. */
    public enum ComparisonResult implements LabelValue {
        SAME,
        DIFFERENT,
        /** Prometheus didn't answer. */
        FAILED;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
