package io.trayb.metrics;

import io.trayb.monitoring.metric.Histogram;
import java.time.Duration;

/** Observes for one declared histogram. Thread-safe; observing never blocks. */
public final class HistogramHandle {
    private static final double NANOSECONDS = 1e9;

    private final Histogram declaration;
    private final io.prometheus.client.Histogram collector;
    private final LabelAdmission admission;

    HistogramHandle(Histogram declaration, io.prometheus.client.Histogram collector, LabelAdmission admission) {
        this.declaration = declaration;
        this.collector = collector;
        this.admission = admission;
    }

    /** Observes a value in the histogram's unit. */
    public void observe(double value, String... labels) {
        child(labels).observe(value);
    }

    /** Observes a time. */
    public void observe(Duration time, String... labels) {
        observe(Seconds.of(time), labels);
    }

    /**
     * The histogram of these label values, for hot paths: observing with it looks nothing up and allocates nothing.
     *
     * @throws IllegalArgumentException when there isn't a value for each label, or one that the label can't have
     */
    public Child child(String... labels) {
        return new Child(collector.labels(admission.admit(declaration, labels)));
    }

    /** One histogram of a metric. Thread-safe. */
    public static final class Child {
        private final io.prometheus.client.Histogram.Child child;

        private Child(io.prometheus.client.Histogram.Child child) {
            this.child = child;
        }

        /** Observes a value in the histogram's unit. */
        public void observe(double value) {
            child.observe(value);
        }

        /** Observes a time, of the kind that {@link System#nanoTime} differences are. */
        public void observeNanos(long nanoseconds) {
            child.observe(nanoseconds / NANOSECONDS);
        }
    }
}
