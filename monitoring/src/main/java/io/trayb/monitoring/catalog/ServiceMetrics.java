package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Unit;

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

    private ServiceMetrics() {}
}
