package io.trayb.monitoring.alert;

import java.util.List;

/**
 * While one alert fires, others that only follow from it aren't told.
 *
 * @param reason why the others follow from it
 */
public record Inhibition(Alert cause, List<Alert> silenced, String reason) {
    public Inhibition {
        silenced = List.copyOf(silenced);
        if (silenced.isEmpty() || silenced.contains(cause)) {
            throw new IllegalArgumentException(
                    "inhibition by '" + cause.name() + "' must silence at least one alert, and not itself");
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("inhibition by '" + cause.name() + "' must have a reason");
        }
    }
}
