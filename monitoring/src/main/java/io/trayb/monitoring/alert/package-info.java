/** Alerts, recording rules and inhibitions, and the proofs that an alert fires when it should and not otherwise. */
@NullMarked
package io.trayb.monitoring.alert;

import org.jspecify.annotations.NullMarked;
