package io.trayb.monitoring.metric;

/** A value of a label whose values are a closed set; the enum is the set. */
public interface LabelValue {
    /** The value as Prometheus stores it: lower case with hyphens, never empty. */
    String label();
}
