package io.trayb.metrics;

import io.trayb.monitoring.metric.Counter;

/** Counts for one declared counter. Thread-safe; counting never blocks. */
public final class CounterHandle {
    private final Counter declaration;
    private final io.prometheus.client.Counter collector;
    private final LabelAdmission admission;

    CounterHandle(Counter declaration, io.prometheus.client.Counter collector, LabelAdmission admission) {
        this.declaration = declaration;
        this.collector = collector;
        this.admission = admission;
    }

    /** Counts one. */
    public void inc(String... labels) {
        child(labels).inc();
    }

    /**
     * Counts several at once.
     *
     * @throws IllegalArgumentException when the amount is negative
     */
    public void add(long amount, String... labels) {
        child(labels).add(amount);
    }

    /**
     * The counter of these label values, for hot paths: counting with it looks nothing up and allocates nothing.
     *
     * @throws IllegalArgumentException when there isn't a value for each label, or one that the label can't have
     */
    public Child child(String... labels) {
        return new Child(collector.labels(admission.admit(declaration, labels)));
    }

    /** One counter of a metric. Thread-safe. */
    public static final class Child {
        private final io.prometheus.client.Counter.Child child;

        private Child(io.prometheus.client.Counter.Child child) {
            this.child = child;
        }

        /** Counts one. */
        public void inc() {
            child.inc();
        }

        /** Counts several at once. */
        public void add(long amount) {
            child.inc((double) amount);
        }
    }
}
