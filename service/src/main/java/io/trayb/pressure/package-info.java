/**
 * Refuses requests while this process has more to do than it can, so that those that it takes are answered in time.
 *
 * <pre>
 *   SchedulingDelay ─┐
 *   HeapAfterCollection ─┼─ Pressure ── LoadShedding ── API requests: on their way, or 503
 *   requests at once ─┤       │
 *   waiters for connections ─┘       └─ /readyz, metrics
 * </pre>
 */
@NullMarked
package io.trayb.pressure;

import org.jspecify.annotations.NullMarked;
