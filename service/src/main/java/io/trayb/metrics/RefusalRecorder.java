package io.trayb.metrics;

import io.trayb.monitoring.catalog.RefusedRequests;
import io.trayb.monitoring.catalog.RefusedRequests.Reason;

/** Counts clients that are refused. Thread-safe; never blocks. */
public final class RefusalRecorder {
    private final CounterHandle refused;

    RefusalRecorder(Collectors collectors) {
        refused = collectors.counter(RefusedRequests.REFUSED);
    }

    /** A request was answered 401, 403 or 429. */
    public void refused(Reason reason) {
        refused.inc(reason.label());
    }
}
