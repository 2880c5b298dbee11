package io.trayb.metrics;

import io.trayb.monitoring.catalog.LoadShedding;
import io.trayb.monitoring.catalog.LoadShedding.Reason;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Exports how hard-pressed this process is, and whom it refuses. Thread-safe; never blocks. */
public final class PressureRecorder {
    private final GaugeHandle delay;
    private final GaugeHandle heapFree;
    private final GaugeHandle requests;
    private final CounterHandle refused;

    PressureRecorder(Collectors collectors) {
        delay = collectors.gauge(LoadShedding.DELAY);
        heapFree = collectors.gauge(LoadShedding.HEAP_FREE);
        requests = collectors.gauge(LoadShedding.REQUESTS);
        refused = collectors.counter(LoadShedding.REFUSED);
    }

    /** Where to read, at each scrape, what there is to show. */
    public void reads(Supplier<Duration> delayNow, LongSupplier heapFreeBytes, IntSupplier requestsAtOnce) {
        delay.read(() -> Seconds.of(delayNow.get()));
        heapFree.read(heapFreeBytes::getAsLong);
        requests.read(requestsAtOnce::getAsInt);
    }

    /** A request was refused. */
    public void refused(Reason reason) {
        refused.inc(reason.label());
    }
}
