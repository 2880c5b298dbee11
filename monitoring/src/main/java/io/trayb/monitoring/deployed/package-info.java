/** Compares what Prometheus, Alertmanager and Grafana have loaded with what a catalogue renders to. */
@NullMarked
package io.trayb.monitoring.deployed;

import org.jspecify.annotations.NullMarked;
