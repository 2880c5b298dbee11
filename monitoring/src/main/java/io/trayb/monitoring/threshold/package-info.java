/** The numbers that alerts and dashboards compare with: each has a name, a default, and a reason. */
@NullMarked
package io.trayb.monitoring.threshold;

import org.jspecify.annotations.NullMarked;
