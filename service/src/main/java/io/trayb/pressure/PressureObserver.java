package io.trayb.pressure;

import io.trayb.monitoring.catalog.LoadShedding.Reason;

/** Hears of each request that is refused, for metrics. Called by the threads of requests; must not block and must not throw. */
@FunctionalInterface
public interface PressureObserver {
    /** A request was refused. */
    void refused(Reason reason);
}
