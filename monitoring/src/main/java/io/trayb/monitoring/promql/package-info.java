/** PromQL as a typed tree, and the one printer that writes it out. Metrics enter it only as declared constants. */
@NullMarked
package io.trayb.monitoring.promql;

import org.jspecify.annotations.NullMarked;
