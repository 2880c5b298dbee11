package io.trayb.events;

import java.util.List;

/**
 * Where events go once the transaction that caused them has committed.
 *
 * <p>Thread-safe. Never blocks and never throws: a job's commit must not wait for, or fail with, the event log. What can't
 * be published is told to subscribers as a gap.
 */
@FunctionalInterface
public interface EventSink {
    /** Takes events in the order in which subscribers shall see them. */
    void publish(List<Event> events);
}
