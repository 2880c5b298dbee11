/** Trayb's own declarations. The one place where a metric has its name, and a threshold its number. */
@NullMarked
package io.trayb.monitoring.catalog;

import org.jspecify.annotations.NullMarked;
