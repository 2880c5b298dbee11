/** What differs between the places in which one catalogue is deployed: thresholds, contacts, hours, labels and addresses. */
@NullMarked
package io.trayb.monitoring.setup;

import org.jspecify.annotations.NullMarked;
