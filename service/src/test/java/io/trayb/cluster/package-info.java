/** Tests of {@code trayb cluster}, with real processes. */
package io.trayb.cluster;
