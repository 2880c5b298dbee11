/** Dashboards and their panels. */
@NullMarked
package io.trayb.monitoring.dashboard;

import org.jspecify.annotations.NullMarked;
