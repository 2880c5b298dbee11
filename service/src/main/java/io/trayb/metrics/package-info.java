/**
 * Declared metrics as this process exports them. The Prometheus client library is known in this package alone, so that its
 * successor can take its place.
 */
@NullMarked
package io.trayb.metrics;

import org.jspecify.annotations.NullMarked;
