/** From a catalogue to the files that Prometheus, Grafana, Alertmanager and people read. Deterministic, byte for byte. */
@NullMarked
package io.trayb.monitoring.render;

import org.jspecify.annotations.NullMarked;
