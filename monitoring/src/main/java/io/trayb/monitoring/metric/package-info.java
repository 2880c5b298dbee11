/** What is measured: counters, gauges and histograms, declared once with name, unit, help and labels. */
@NullMarked
package io.trayb.monitoring.metric;

import org.jspecify.annotations.NullMarked;
