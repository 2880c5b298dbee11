/** A small renderer of dashboards: enough to see in a picture what Grafana would show, and no more. */
package io.trayb.pictures;
